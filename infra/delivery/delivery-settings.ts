import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'

const AwsAccountId = z.string().regex(/^\d{12}$/, 'must be an AWS account of 12 digits')
const Region = z.string().regex(/^[a-z]{2}-[a-z]+-\d$/, 'must be a region such as eu-west-1')

const Site = z.strictObject({ awsAccountId: AwsAccountId, region: Region })

/** Who we are at AWS: nothing of it is secret, and nothing of it belongs into the templates. */
export const DeliverySettings = z
  .strictObject({
    /** Where the pipeline itself stands. */
    delivery: Site,
    controlPlane: z.strictObject({
      ...Site.shape,
      /** Of the control plane's template, by name; its secrets are named by ARN, and none is here. */
      parameters: z.record(z.string(), z.string()).exactOptional(),
    }),
    /** In the order of delivery: the first hears of a fault before the others. */
    cells: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
          ...Site.shape,
          alarmTopicArn: z.string().optional(),
        }),
      )
      .min(1),
    organizationId: z.string().regex(/^o-[a-z0-9]{10,32}$/),
    /** `owner/name`, read by a connection of CodeConnections that a person has confirmed once. */
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    branch: z.string().default('main'),
    connectionArn: z
      .string()
      .regex(/^arn:[a-z-]+:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[\w-]+$/),
  })
  .refine(
    ({ controlPlane, cells }) => cells.every(({ awsAccountId }) => awsAccountId !== controlPlane.awsAccountId),
    'the control plane must have an account of its own: what stamps tenants does not live among them',
  )
export type DeliverySettings = z.infer<typeof DeliverySettings>
/** Where something stands. */
export type DeliverySite = z.infer<typeof Site>
export type CellSite = DeliverySettings['cells'][number]

/** The settings of whoever delivers from this checkout; undefined for everybody else, who needs no pipeline. */
export function readDeliverySettings(file: string): DeliverySettings | undefined {
  return existsSync(file) ? DeliverySettings.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}
