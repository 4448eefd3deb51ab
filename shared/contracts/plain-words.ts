import * as z from 'zod'

/**
 * Marks that are read but not seen: controls, marks that turn the direction of text, zero-width ones, fillers (Unicode's
 * Default_Ignorable_Code_Point), separators of lines, the blank of Braille. With them two names look the same, or one like another.
 */
const UNSEEN = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`
const SEEN_ONLY = new RegExp(`^[^${UNSEEN}]*$`, 'u')

/** What people call things and each other, at the edge; what is stored already is read as it is. */
export const PlainWords = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(SEEN_ONLY, 'must not contain invisible characters, such as line breaks, zero-width or text direction marks')
