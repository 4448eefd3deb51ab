import * as z from 'zod'

export const CellView = z
  .object({
    id: z.string(),
    name: z.string(),
    region: z.string(),
    aws_account_id: z.string(),
    cap: z.number(),
    used: z.number(),
    headroom: z.number(),
    is_open: z.boolean(),
    is_canary: z.boolean(),
    cell_version: z.string(),
  })
  .meta({ id: 'Cell' })

const Arn = z.string().regex(/^arn:[a-z-]+:[a-z0-9-]+:/, 'must be an ARN')
const cellOutputs = {
  cell_version: z.string().max(64),
  operating_role_arn: Arn,
  execution_role_arn: Arn,
  tenant_boundary_arn: Arn,
  router_role_arn: Arn,
  cell_table_name: z.string().min(3).max(255),
  release_bucket: z.string().min(3).max(63),
}
/** An output too, but baselines of before have it not. */
const SendRateTableName = z.string().min(3).max(255).optional()
export const NewCellBody = z
  .object({
    name: z.string().trim().min(1).max(64),
    aws_account_id: z.string().regex(/^\d{12}$/, 'must be an account id of twelve digits'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1'),
    cap: z.number().int().min(1).max(10_000).meta({ description: 'Tenants it may hold, as `npm run synth` says.' }),
    is_canary: z.boolean().default(false),
    ...cellOutputs,
    send_rate_table_name: SendRateTableName,
    alarm_topic_arn: Arn.optional(),
  })
  .strict()
  .meta({ id: 'NewCell', description: 'An account and region with the outputs of its `baseline-cell` stack.' })
export const CellChangeBody = z
  .object({
    cap: z.number().int().min(1).max(10_000).optional(),
    is_open: z.boolean().optional().meta({ description: 'False: no new tenants.' }),
    ...z.object(cellOutputs).partial().shape,
    send_rate_table_name: SendRateTableName,
  })
  .strict()
  .meta({ id: 'ChangeCell' })
