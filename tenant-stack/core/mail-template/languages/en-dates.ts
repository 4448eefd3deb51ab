const UNITS = {
  DAILY: { each: 'daily', many: 'days' },
  WEEKLY: { each: 'weekly', many: 'weeks' },
  MONTHLY: { each: 'monthly', many: 'months' },
  YEARLY: { each: 'yearly', many: 'years' },
}

/** When an event is, and how it repeats. Names of days, months and zones come from Intl. */
export const enDates = {
  /** BCP 47, for Intl: whose order of day and month, and whose names. */
  locale: 'en-GB',
  /** How Intl writes a day, made as we want it: English has no comma in it, whichever ICU is there. */
  day: (shown: string) => shown.replaceAll(',', ''),
  dayAtTime: (day: string, time: string) => `${day} ${time}`,
  dayWithTime: (day: string, time: string) => `${day}, ${time}`,
  span: (from: string, to: string) => `${from} – ${to}`,
  allDay: (days: string) => `${days} (all day)`,
  localTime: 'local time',
  repeats: 'repeats',
  every: (unit: keyof typeof UNITS, interval: number) =>
    interval > 1 ? `every ${interval} ${UNITS[unit].many}` : UNITS[unit].each,
  onDays: (every: string, days: readonly string[]) => `${every} on ${days.join(', ')}`,
  times: (rule: string, count: number) => `${rule}, ${count} times`,
  until: (rule: string, day: string) => `${rule}, until ${day}`,
}
