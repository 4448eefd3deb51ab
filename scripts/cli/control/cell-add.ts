import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import { showOne } from './show.ts'

/** As `aws cloudformation describe-stacks --query Stacks[0].Outputs` writes them. */
const Outputs = z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() }))

const names = {
  CellVersion: 'cell_version',
  TenantOperatingRoleArn: 'operating_role_arn',
  TenantExecutionRoleArn: 'execution_role_arn',
  TenantBoundaryArn: 'tenant_boundary_arn',
  CellRouterRoleArn: 'router_role_arn',
  CellTableName: 'cell_table_name',
  ReleaseBucketName: 'release_bucket',
} as const

/** Baselines of before have them not. */
const optionalNames = { SendRateTableName: 'send_rate_table_name' } as const

/** Makes a deployed cell known. */
export const cellAdd: ControlCommand = {
  plane: 'control',
  noun: 'cell',
  verb: 'add',
  summary: 'Make an account and region with its baseline-cell stack known',
  positionals: ['NAME'],
  options: {
    account: { value: 'ID', help: 'AWS account', isRequired: true },
    region: { value: 'REGION', help: 'Such as eu-west-1', isRequired: true },
    cap: { value: 'NUMBER', help: 'Tenants it may hold, as npm run synth says', isRequired: true },
    outputs: {
      value: 'FILE',
      help: 'aws cloudformation describe-stacks --stack-name baseline-cell --query Stacks[0].Outputs',
      isRequired: true,
    },
    canary: { help: 'For the vendor’s own tenants first' },
  },
  act: 'undoable',
  async run(control, { positionals: [name], options, flags }) {
    const body = {
      name,
      aws_account_id: options.account,
      region: options.region,
      cap: Number(options.cap),
      is_canary: flags.has('canary'),
      ...(await readOutputs(options.outputs ?? '')),
    }
    const json = await control.api('/cells', { method: 'POST', body })
    return { text: showOne(json), json }
  },
}

async function readOutputs(file: string): Promise<Readonly<Record<string, string>>> {
  const outputs = await parse(file)
  const outputOf = (output: string) => outputs.find(({ OutputKey }) => OutputKey === output)?.OutputValue
  const needed = Object.entries(names).map(([output, name]): [string, string] => {
    const value = outputOf(output)
    if (value === undefined) throw CliFailure.usage(`${file} has no ${output}: it is not of a baseline-cell stack`)
    return [name, value]
  })
  const others = Object.entries(optionalNames).flatMap(([output, name]): [string, string][] => {
    const value = outputOf(output)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries([...needed, ...others])
}

async function parse(file: string): Promise<z.infer<typeof Outputs>> {
  try {
    return Outputs.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw CliFailure.usage(`${file} does not hold the outputs of a stack as JSON`, { cause })
  }
}
