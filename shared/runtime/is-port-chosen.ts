/** True when the person named a port himself: another one is then suggested, not taken. */
export function isPortChosen(env: Readonly<Record<string, string | undefined>>, setting: string): boolean {
  return (env[setting] ?? '').trim() !== ''
}
