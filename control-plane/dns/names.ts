import { isBelow } from '#control-plane/core/domain/decide-claim.ts'

/** The name without its first label; of a top-level name the root, which is the empty name. */
export function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1)
}

/** What a DNS provider's form wants: the name without its zone; `@` is the zone itself. */
export function relativeName(name: string, zoneName: string): string {
  if (name === zoneName) return '@'
  return isBelow(name, zoneName) && zoneName !== '' ? name.slice(0, -zoneName.length - 1) : name
}
