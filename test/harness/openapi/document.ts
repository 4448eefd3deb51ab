import * as z from 'zod'

const Content = z.record(z.string(), z.looseObject({ schema: z.looseObject({}), example: z.unknown().optional() }))
const Answer = z.looseObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.unknown()).default({}),
  content: Content.default({}),
})
const Parameter = z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() })
const DescribedOperation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-required-scope': z.string(),
  'x-further-scopes': z.array(z.string()).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ required: z.boolean().optional(), content: Content }).optional(),
  responses: z.record(z.string(), Answer),
})

/** The description of the tenant's API, as far as tests look into it. */
export const TenantDocument = z.looseObject({
  openapi: z.string(),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), DescribedOperation)),
  components: z.looseObject({
    securitySchemes: z.object({ key: z.looseObject({ 'x-scopes': z.record(z.string(), z.string()) }) }),
    headers: z.record(z.string(), z.looseObject({ description: z.string(), example: z.unknown() })),
  }),
})

export type Operation = z.infer<typeof DescribedOperation> & { readonly method: string; readonly path: string }

/** Every operation with its method, in capitals, and its path, `/v1` included. */
export function operationsOf({ paths }: z.infer<typeof TenantDocument>): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
}
