import type { Bomb } from './bomb.ts'
import { calendarRuleBombs } from './calendar-rules.ts'
import { calendarSizeBombs } from './calendar-size.ts'
import { htmlBombs } from './html-bombs.ts'
import { mimeBodyBombs } from './mime-bodies.ts'
import { mimeHeaderBombs } from './mime-headers.ts'
import { mimeStructureBombs } from './mime-structure.ts'
import { zoneBombs } from './zone-bombs.ts'

/** Every shape we know of; a new attack is one more entry. */
export const allBombs: readonly Bomb[] = [
  ...mimeStructureBombs,
  ...mimeHeaderBombs,
  ...mimeBodyBombs,
  ...htmlBombs,
  ...calendarRuleBombs,
  ...calendarSizeBombs,
  ...zoneBombs,
]
