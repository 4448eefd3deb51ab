import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { CliFailure } from './cli-failure.ts'

/** Writes what comes to a file: readable by nobody else, for it may hold addresses, and under its name only once it is whole. */
export async function writeFrom(octets: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const unfinished = `${file}.part`
  const handle = await open(unfinished, 'w', 0o600).catch((cause: unknown) => {
    throw CliFailure.usage(`${file} cannot be written`, { cause })
  })
  try {
    await pipeline(octets, handle.createWriteStream())
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw CliFailure.refused('The answer broke off: nothing was written', { cause })
  }
  await rename(unfinished, file)
}
