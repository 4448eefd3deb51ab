import { parseArgs } from 'node:util'
import { tryCombinations } from './combinations.ts'
import { tryForgedTokens } from './forged-tokens.ts'

/** `--tokens 100000 --every 1`: presents forged mails and tokens and prints what came of them as one line of JSON. */
const { values } = parseArgs({ options: { tokens: { type: 'string' }, every: { type: 'string' } } })
const combined = await tryCombinations(Number(values.every ?? 1))
const tokens = await tryForgedTokens(Number(values.tokens ?? 1))
process.stdout.write(`${JSON.stringify({ combined, tokens })}\n`)
