/** Text on an accent: one of these two is always readable (WCAG 1.4.3 asks 4.5, and the darker one is black). */
const TEXTS = ['#ffffff', '#000000'] as const

/** WCAG 1.4.11: a button must stand out from the card behind it. */
export const ACCENT_CONTRAST_LEAST = 3

/** The text colour that is read better on a colour. `#rrggbb` both. */
export function textColourOn(colour: string): string {
  const [light, dark] = TEXTS
  return contrast(colour, light) >= contrast(colour, dark) ? light : dark
}

/** Contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
