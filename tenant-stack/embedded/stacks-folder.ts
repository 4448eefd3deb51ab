import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  PRESENT_STACKS_FOLDER,
  PresentStack,
  stackFileName,
  WANTED_STACKS_FOLDER,
  WantedStack,
} from '#shared/contracts/embedded-stack.ts'
import { readTextFile, writeWholeFile } from '#shared/runtime/whole-file.ts'

export type Wanted = { readonly text: string; readonly stack: WantedStack }

/** Both folders by which the planes of one machine meet, as the tenant's side sees them. */
export type StacksFolder = {
  readonly wantedFolder: string
  /** What is wanted, by stack name; the names apart of files that say nothing we can read. */
  readWanted(): Promise<{ readonly wanted: ReadonlyMap<string, Wanted>; readonly unreadable: ReadonlySet<string> }>
  /** Writes what has become of a stack; the same again is not written again. */
  tell(present: PresentStack): Promise<void>
  /** Tells of every stack that was open when this process's predecessor died, and is wanted no more. */
  tellOfGone(isWanted: (stackName: string) => boolean): Promise<void>
}

export async function openStacksFolder(dataFolder: string): Promise<StacksFolder> {
  const wantedFolder = join(dataFolder, WANTED_STACKS_FOLDER)
  const presentFolder = join(dataFolder, PRESENT_STACKS_FOLDER)
  await mkdir(wantedFolder, { recursive: true })
  await mkdir(presentFolder, { recursive: true })
  const told = new Map<string, string>()

  async function tell(present: PresentStack): Promise<void> {
    const text = JSON.stringify(present)
    if (told.get(present.stackName) === text) return
    await writeWholeFile(join(presentFolder, stackFileName(present.stackName)), `${JSON.stringify(present, null, 2)}\n`)
    told.set(present.stackName, text)
  }

  return {
    wantedFolder,
    tell,
    async readWanted() {
      const wanted = new Map<string, Wanted>()
      const unreadable = new Set<string>()
      for (const [name, text] of await readFolder(wantedFolder)) {
        const stack = WantedStack.safeParse(parseJson(text)).data
        if (stack !== undefined && stackFileName(stack.stackName) === name) wanted.set(stack.stackName, { text, stack })
        else unreadable.add(name.replace(/\.json$/, ''))
      }
      return { wanted, unreadable }
    },
    async tellOfGone(isWanted) {
      for (const text of (await readFolder(presentFolder)).values()) {
        const present = PresentStack.safeParse(parseJson(text)).data
        if (present === undefined || present.status === 'closed' || isWanted(present.stackName)) continue
        const { stackName, tenantId, parameters } = present
        await tell({ stackName, tenantId, status: 'closed', parameters, outputs: {} })
      }
    },
  }
}

/** The text of every `.json` file of a folder by its name, in the order of names. */
async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted()
  const texts = await Promise.all(names.map(async (name) => [name, await readTextFile(join(folder, name))] as const))
  return new Map(texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
