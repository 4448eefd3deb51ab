import { readFileSync } from 'node:fs'
import { FunctionBundles } from '#shared/contracts/release.ts'

/** What was built. Throws one line that says what to do when nothing was. */
export function readBundles(file: string): FunctionBundles {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} is not there: run npm run build first`, { cause: error })
  }
  return FunctionBundles.parse(JSON.parse(text))
}
