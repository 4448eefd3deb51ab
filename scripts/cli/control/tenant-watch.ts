import { setTimeout as pause } from 'node:timers/promises'
import { Listr } from 'listr2'
import * as z from 'zod'
import { RunView } from '#shared/contracts/control-operations.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import type { ControlPlane } from '../control-plane.ts'

type Run = z.infer<typeof RunView>
type Step = Run['steps'][number]

const LOOK_MILLISECONDS = 1000
const NothingDone = z.object({ code: z.literal('run.not_found') })
const Tenant = z.object({ id: z.string(), state: z.string(), domain_name: z.string() })

/** Shows what is being done to a tenant, step by step, until it is done, has failed, or a person must act. */
export const tenantWatch: ControlCommand = {
  plane: 'control',
  noun: 'tenant',
  verb: 'watch',
  summary: 'See what is being done to a tenant until it is done or a person must act',
  positionals: ['TENANT'],
  options: {
    until: { value: 'WHEN', help: 'done (default): only the end or a failure; person: also when somebody must act' },
    seconds: { value: 'NUMBER', help: 'How long at most (900 when not given)' },
  },
  async run(control, { positionals: [tenantId = ''], options, isJson }) {
    const until = options.until ?? 'done'
    if (until !== 'done' && until !== 'person') throw CliFailure.usage('--until is done or person')
    const seconds = options.seconds ?? '900'
    if (!/^\d{1,6}$/.test(seconds)) throw CliFailure.usage('--seconds is a number')
    const path = `/tenants/${encodeURIComponent(tenantId)}`
    const watch = { control, path, until, endsAt: Date.now() + Number(seconds) * 1000 } as const
    await waitForBeginning(watch)
    const run = isJson || !process.stdout.isTTY ? await plain(watch, !isJson) : await lively(watch)
    const tenant = Tenant.parse(await control.api(path))
    const text = `${tenant.domain_name} is ${tenant.state}.${run?.status === 'working' ? ` ${run.sentence}` : ''}`
    if (run !== undefined && failedStep(run) !== undefined) throw CliFailure.refused(text)
    return { text, json: { tenant, run: run ?? null } }
  },
}

/** A payment is heard of by webhook: what follows it begins a moment later. */
const BEGINNING_MILLISECONDS = 15_000

async function waitForBeginning(watch: Watch): Promise<void> {
  const endsAt = Math.min(Date.now() + BEGINNING_MILLISECONDS, watch.endsAt)
  while (Date.now() < endsAt) {
    const { state } = Tenant.parse(await watch.control.api(watch.path))
    if (state !== 'registered' && state !== 'paid') return
    await pause(LOOK_MILLISECONDS / 4)
  }
}

type Watch = {
  readonly control: ControlPlane
  readonly path: string
  readonly until: 'done' | 'person'
  readonly endsAt: number
}

/** Undefined when nothing is being done. */
async function look({ control, path }: Watch): Promise<Run | undefined> {
  try {
    return RunView.parse(await control.api(`${path}/run`))
  } catch (error) {
    if (isFailure(error, 'cli.refused') && NothingDone.safeParse(error.cause).success) return undefined
    throw error
  }
}

function failedStep(run: Run): Step | undefined {
  return run.steps.find(({ status }) => status === 'failed')
}

function isOver({ until, endsAt }: Watch, run: Run | undefined): boolean {
  if (run === undefined || run.status !== 'working' || failedStep(run) !== undefined) return true
  if (until === 'person' && run.who_acts !== 'nobody') return true
  if (Date.now() < endsAt) return false
  throw CliFailure.refused(`Not done yet: ${run.sentence}`)
}

/** For a file or a program: one line for each step that was finished or began to wait. */
async function plain(watch: Watch, isSaid: boolean): Promise<Run | undefined> {
  const said = new Map<string, string>()
  for (;;) {
    const run = await look(watch)
    for (const { name, status, sentence } of run?.steps ?? []) {
      if (status === 'todo' || status === 'leased' || said.get(name) === status) continue
      said.set(name, status)
      if (isSaid) process.stdout.write(`${status.padEnd(7)}  ${sentence}\n`)
    }
    if (isOver(watch, run)) return run
    await pause(LOOK_MILLISECONDS)
  }
}

/** For a person at a terminal. */
async function lively(watch: Watch): Promise<Run | undefined> {
  let run = await look(watch)
  if (run === undefined) return undefined
  const { steps } = run
  const rows = new Listr(
    steps.map(({ name, sentence }) => ({
      title: sentence,
      async task(_: unknown, row: { title: string }): Promise<void> {
        for (;;) {
          const step = run?.steps.find((one) => one.name === name)
          if (step === undefined || step.status === 'done' || step.status === 'skipped') return
          if (step.status === 'failed') throw new Error(step.error?.text ?? step.sentence)
          row.title = step.who_acts === 'nobody' ? step.sentence : `${step.sentence} (${step.who_acts})`
          if (isOver(watch, run)) return
          await pause(LOOK_MILLISECONDS)
          run = await look(watch)
        }
      },
    })),
    { exitOnError: false, rendererOptions: { collapseErrors: false } },
  )
  await rows.run()
  return run
}
