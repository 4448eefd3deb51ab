import { writeFileSync } from 'node:fs'
import { compiledFile, compileTemplate } from './compile-template.ts'

writeFileSync(compiledFile, await compileTemplate())
