import { parentOf } from './names.ts'
import { askAnyResolver, type Dns } from './resolvers.ts'

/** A label that nobody has. */
const NOBODY = 'convoke-looks-for-a-wildcard'

/** True when an alias at a name comes from a wildcard beside it: entering the name itself then suffices (RFC 4592 section 2.2.1). */
export async function isFromWildcard(dns: Dns, name: string, target: string | undefined): Promise<boolean> {
  if (target === undefined) return false
  const answer = await askAnyResolver(dns, { name: `${NOBODY}.${parentOf(name)}`, type: 'CNAME' })
  return answer?.answers.some((record) => record.type === 'CNAME' && record.value === target) ?? false
}
