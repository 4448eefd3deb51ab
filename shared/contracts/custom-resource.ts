import * as z from 'zod'

const common = {
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({ RuleSetName: z.string().min(1) }),
}

/** What CloudFormation asks of `Custom::ActiveReceiptRuleSet` ("Custom resource request objects"). */
export const ActivationRequest = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ...common }),
  z.object({
    RequestType: z.literal('Update'),
    ...common,
    PhysicalResourceId: z.string(),
    OldResourceProperties: z.object({ RuleSetName: z.string() }),
  }),
  z.object({ RequestType: z.literal('Delete'), ...common, PhysicalResourceId: z.string() }),
])
export type ActivationRequest = z.infer<typeof ActivationRequest>

/** Of a request that is none of these: enough to answer that it is not. */
export const UnreadRequest = z.object({
  RequestType: z.string().optional(),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
})
export type UnreadRequest = z.infer<typeof UnreadRequest>

/** What CloudFormation must find at the pre-signed URL, or it waits for an hour. */
export type CustomResourceResponse = {
  readonly Status: 'SUCCESS' | 'FAILED'
  readonly Reason?: string
  readonly PhysicalResourceId: string
  readonly StackId: string
  readonly RequestId: string
  readonly LogicalResourceId: string
}
