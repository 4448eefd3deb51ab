import { watch } from 'node:fs'
import type { WantedStack } from '#shared/contracts/embedded-stack.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import { logFieldsOf } from '#shared/errors/log-fields.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'
import { openStacksFolder, type StacksFolder, type Wanted } from './stacks-folder.ts'

const StackFailure = defineFailures('stack', { taken: { status: 409, retry: false } })

/** A stack that is open. */
export type OpenStack = {
  readonly tenantId: string
  readonly domainName: string
  /** By the names of the tenant template's outputs. */
  readonly outputs: Readonly<Record<string, string>>
  close(): Promise<void>
}

type Open<S> = (stack: WantedStack) => Promise<S>

/** Opens the stamped stacks that are wanted, closes those that no longer are, and tells what is. */
export type StackHost<S extends OpenStack> = {
  /** Begins to open; until then every known domain is `not_open`. */
  run(open: Open<S>): void
  /** Compares what is wanted with what is, now. */
  look(): Promise<void>
  stacks(): readonly S[]
  atDomain(domainName: string): S | 'not_open' | undefined
  stop(): Promise<void>
}

type Entry<S> = {
  text: string
  stack: WantedStack
  open?: S
  failure?: Failed
  /** It is being opened or closed: it takes its time, and nobody else waits for it. */
  work?: Promise<void>
}
type Entries<S> = Map<string, Entry<S>>
type Failed = { readonly at: number; readonly reason: string }

type Options = {
  readonly dataFolder: string
  /** The machine's own domain, which no stack may take. */
  readonly ownDomainName: string
  readonly clock: Clock
  readonly log: Log
}

/** A notice of the file system may be missed. */
const lookMilliseconds = 1000
/** A stack that could not be opened is tried again so often, and as soon as its file changes. */
const tryAgainMilliseconds = 15_000

/**
 * The tenant's side of `shared/contracts/embedded-stack.ts` below a data folder. A stack that cannot be opened harms no other: the
 * reason is told in its present file.
 */
export async function createStackHost<S extends OpenStack>(options: Options): Promise<StackHost<S>> {
  const { log } = options
  const folder = await openStacksFolder(options.dataFolder)
  const entries: Entries<S> = new Map()
  let open: Open<S> | undefined
  let endWatch: (() => void) | undefined
  let looking: Promise<void> = Promise.resolve()

  const ended = async () => void (await Promise.all([...entries.values()].map(async ({ work }) => work)))

  function look(): Promise<void> {
    looking = looking
      .then(() => reconcile({ ...options, folder, entries, open }))
      .catch((error: unknown) => log.error({ at: 'stacks', ...logFieldsOf(error) }))
    return looking.then(ended)
  }

  await look()
  await folder.tellOfGone((stackName) => entries.has(stackName))
  return {
    run(opener) {
      open = opener
      endWatch = watchFolder(folder.wantedFolder, log, () => void look())
      void look()
    },
    look,
    stacks: () => [...entries.values()].flatMap((entry) => (entry.open === undefined ? [] : [entry.open])),
    atDomain(domainName) {
      const known = [...entries.values()].filter(({ stack }) => stack.domainName === domainName)
      return known.find((entry) => entry.open !== undefined)?.open ?? (known.length > 0 ? 'not_open' : undefined)
    },
    async stop() {
      endWatch?.()
      // What is looked at now is not gone on with after it.
      open = undefined
      await looking
      await ended()
      await Promise.all([...entries.values()].map(async (entry) => entry.open?.close()))
    },
  }
}

/** Looks when the folder changes, and by the clock; the function ends it. */
function watchFolder(folder: string, log: Log, look: () => void): () => void {
  const watcher = watch(folder, look)
  watcher.on('error', (error) => log.warn({ at: 'stacks.watch', ...logFieldsOf(error) }))
  const timer = setInterval(look, lookMilliseconds)
  return () => {
    clearInterval(timer)
    watcher.close()
  }
}

type Scene<S> = Options & {
  readonly folder: StacksFolder
  readonly entries: Entries<S>
  readonly open: Open<S> | undefined
}

async function reconcile<S extends OpenStack>(scene: Scene<S>): Promise<void> {
  const { folder, entries, log } = scene
  const { wanted, unreadable } = await folder.readWanted()
  for (const stackName of unreadable)
    if (!entries.has(stackName))
      await folder.tell({ stackName, tenantId: '', status: 'failed', parameters: {}, outputs: {}, reason: unread })
  for (const [stackName, found] of wanted) if (!entries.has(stackName)) entries.set(stackName, { ...found })
  for (const [stackName, entry] of entries) {
    if (entry.work !== undefined) continue
    // One that was read before stays as it is: only its file's going closes a stack.
    const next = unreadable.has(stackName) ? entry : wanted.get(stackName)
    entry.work = settle(scene, entry, next)
      .catch((error: unknown) => log.error({ at: 'stacks', stackName, ...logFieldsOf(error) }))
      .finally(() => {
        delete entry.work
      })
  }
}

const unread = 'its wanted file cannot be read'

/** Makes a stack what is wanted of it. */
async function settle<S extends OpenStack>(scene: Scene<S>, entry: Entry<S>, next: Wanted | undefined): Promise<void> {
  if (next?.text !== entry.text) {
    await closeStack(scene, entry)
    if (next === undefined) {
      const { stackName, tenantId, parameters } = entry.stack
      await scene.folder.tell({ stackName, tenantId, status: 'closed', parameters, outputs: {} })
      // Last, so that whoever waits for its work waits for what is told of it, and a new stack of that name is told after it.
      scene.entries.delete(stackName)
      return
    }
    entry.text = next.text
    entry.stack = next.stack
    delete entry.failure
  }
  await openStack(scene, entry)
}

/** Its mail is told to come again from the first moment on, not only when the last of its work has ended. */
async function closeStack<S extends OpenStack>({ log }: Scene<S>, entry: Entry<S>): Promise<void> {
  const { open } = entry
  delete entry.open
  if (open === undefined) return
  await open.close()
  log.info({ at: 'stack.closed', stackName: entry.stack.stackName, tenantId: open.tenantId })
}

async function openStack<S extends OpenStack>(scene: Scene<S>, entry: Entry<S>): Promise<void> {
  const { clock, log, folder, open } = scene
  const { stackName, tenantId, parameters } = entry.stack
  const rests = entry.failure !== undefined && clock.now() - entry.failure.at < tryAgainMilliseconds
  if (entry.open === undefined && open !== undefined && !rests) {
    delete entry.failure
    try {
      assertFree(scene, entry.stack)
      entry.open = await open(entry.stack)
      log.info({ at: 'stack.open', stackName, tenantId })
    } catch (error) {
      entry.failure = { at: clock.now(), reason: error instanceof Error ? error.message : String(error) }
      log.error({ at: 'stack.failed', stackName, tenantId, ...logFieldsOf(error) })
    }
  }
  const told = { stackName, tenantId, parameters }
  if (entry.open !== undefined) await folder.tell({ ...told, status: 'open', outputs: entry.open.outputs })
  else if (entry.failure !== undefined)
    await folder.tell({ ...told, status: 'failed', outputs: {}, reason: entry.failure.reason })
}

/** A tenant and a domain belong to one stack: the first that is open, or is being opened, keeps them. */
function assertFree<S extends OpenStack>({ entries, ownDomainName }: Scene<S>, wish: WantedStack): void {
  if (wish.domainName === ownDomainName) throw StackFailure.taken(`${wish.domainName} is this machine's own domain`)
  for (const { stack, open, work, failure } of entries.values()) {
    const isHere = open !== undefined || (work !== undefined && failure === undefined)
    const isSame = stack.tenantId === wish.tenantId || stack.domainName === wish.domainName
    if (isHere && isSame && stack.stackName !== wish.stackName)
      throw StackFailure.taken(`${stack.stackName} has this tenant or its domain already`)
  }
}
