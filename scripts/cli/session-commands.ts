import { pageOf } from '#shared/contracts/api.ts'
import { EndedView, SessionView } from '#shared/contracts/sessions-api.ts'
import type { TenantCommand } from './command.ts'

const pathOf = (email: string) => `/organizers/${encodeURIComponent(email)}/sessions`

const list: TenantCommand = {
  noun: 'organizer',
  verb: 'sessions',
  summary: 'List the browsers that somebody is signed in with',
  positionals: ['ADDRESS'],
  options: {},
  async run(product, { positionals: [email = ''] }) {
    const page = pageOf(SessionView).parse(await product.api(pathOf(email)))
    const lines = page.data.map(({ id, last_used_at: used, user_agent: agent }) => [id, used, agent].join('  '))
    return { text: lines.length === 0 ? 'Nowhere.' : lines.join('\n'), json: page }
  },
}

const signOut: TenantCommand = {
  noun: 'organizer',
  verb: 'sign-out',
  summary: 'Sign somebody out everywhere, at once',
  positionals: ['ADDRESS'],
  options: {},
  async run(product, { positionals: [email = ''] }) {
    const ended = EndedView.parse(await product.api(pathOf(email), { method: 'DELETE' }))
    return { text: `Signed out of ${ended.ended} ${ended.ended === 1 ? 'browser' : 'browsers'}.`, json: ended }
  },
}

/** Where organizers are signed in. */
export const sessionCommands: readonly TenantCommand[] = [list, signOut]
