import { parentOf } from './names.ts'
import { askAnyResolver, type Dns } from './resolvers.ts'

export type ParentZone = { readonly zoneName: string; readonly nameServers: readonly string[] }

/**
 * The zone that a name is delegated from: the nearest ancestor with name servers of its own. `cannot_tell` when no resolver answers, so that
 * a zone further up is never taken for the parent.
 */
export async function findParentZone(dns: Dns, domainName: string): Promise<ParentZone | 'cannot_tell'> {
  for (let name = parentOf(domainName); ; name = parentOf(name)) {
    const answer = await askAnyResolver(dns, { name, type: 'NS' })
    if (answer === undefined) return 'cannot_tell'
    // The owner counts: at an alias a resolver answers with the name servers of its target.
    const servers = answer.answers.filter((record) => record.type === 'NS' && record.name === name)
    if (servers.length > 0) return { zoneName: name, nameServers: servers.map((record) => record.value) }
    if (name === '') return 'cannot_tell'
  }
}
