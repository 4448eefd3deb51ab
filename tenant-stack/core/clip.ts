/** At most `charsMax` UTF-16 units of a text, never half a letter: no store and no mail takes half of a surrogate pair. */
export function clip(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text.toWellFormed()
  const last = text.charCodeAt(charsMax - 1)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHalf ? charsMax - 1 : charsMax).toWellFormed()
}
