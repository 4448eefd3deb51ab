import { en } from './languages/en.ts'

/** A language is a file in `languages/` that says all that English says. */
export type Words = typeof en

/** What our mails speak. */
export const words: Words = en
