import { html } from 'hono/html'
import type { Html } from './page.ts'

export type SignedIn = {
  readonly email: string
  readonly organizations: readonly {
    readonly name: string
    readonly title: string
    readonly role: string
    readonly state: 'invited' | 'active'
    readonly isCurrent: boolean
  }[]
  /** `first`: he must add one before he can do anything; `use`: he must sign in with one that he has. */
  readonly passkey: 'may_add' | 'first' | 'use'
  /** Name of the licensee that is looked at by the vendor. */
  readonly lookingAt?: string
}

/** Who somebody is here, for whom he acts, and the way out. */
export function signedInPage({ email, organizations, lookingAt, passkey }: SignedIn): Html {
  return html`${lookingAt === undefined ? '' : banner(lookingAt)}<p>You are <strong>${email}</strong>.</p>
<h2>You act for</h2>
${organizations.length === 0 ? html`<p class="soft">Nobody yet. Whoever invited you can do so again.</p>` : html`<ul>${organizations.map(organization)}</ul>`}
${passkeyPart(passkey)}
<hr>
${
  passkey === 'may_add' && organizations.some(({ state }) => state === 'active')
    ? html`<p><a href="/licences">Licences and their domains</a></p>
<p><a href="/passkeys">Your passkeys</a></p>`
    : ''
}
<p class="soft"><a href="/v1/openapi.json">Description of the API</a></p>
<form method="post" action="/sign-out"><button type="submit" class="quiet">Sign out</button></form>`
}

function passkeyPart(passkey: SignedIn['passkey']): Html {
  if (passkey === 'use')
    return html`<div class="banner" role="status">Who you act for asks for a passkey: a mailed link alone opens nothing. <a href="/sign-in">Sign in with your passkey</a>. If you lost it, another admin can reset it.</div>`
  const isFirst = passkey === 'first'
  return html`${isFirst ? html`<div class="banner" role="status">Who you act for asks for a passkey. Add your first here, then sign in with it.</div>` : ''}
<div data-passkey-part hidden${isFirst ? html` data-passkey-first` : ''}>
<h2>${isFirst ? 'Your first passkey' : 'Next time'}</h2>
<p class="soft">A passkey signs you in with this device, without a mail.</p>
<button type="button"${isFirst ? '' : html` class="quiet"`} data-passkey="add">Add a passkey</button>
<p id="passkey-says" class="soft" role="status"></p>
</div>`
}

function organization({ name, title, role, state, isCurrent }: SignedIn['organizations'][number]): Html {
  const act = state === 'invited' ? 'Accept the invitation' : 'Act for'
  return html`<li><strong>${title}</strong> <span class="soft">as ${role}${isCurrent ? ', now' : ''}</span>
${isCurrent ? '' : html`<form method="post" action="/signed-in/${state === 'invited' ? 'accept' : 'act-for'}"><input type="hidden" name="organization" value="${name}"><button type="submit" class="quiet" aria-label="${act} ${title}">${act}</button></form>`}</li>`
}

function banner(name: string): Html {
  return html`<div class="banner" role="status">You see what <strong>${name}</strong> sees, and can change nothing. They read in their audit log that you look.
<form method="post" action="/signed-in/look-away"><button type="submit" class="quiet">Look away</button></form></div>`
}

export function failedPage(reason: string): Html {
  return html`<p role="alert">${reason}</p>
<a class="button" href="/signed-in">Back</a>`
}
