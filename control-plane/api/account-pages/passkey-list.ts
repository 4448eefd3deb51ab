import { html } from 'hono/html'
import type * as z from 'zod'
import type { PasskeyView } from '#shared/contracts/control-api.ts'
import type { Html } from '../sign-in/pages/page.ts'
import { minuteText } from './texts.ts'

type Shown = z.infer<typeof PasskeyView>

/** Somebody's passkeys. Changing them wants a session that has just begun; without one the way to it takes the place of the buttons. */
export function passkeyList(
  passkeys: readonly Shown[],
  may: { readonly isFresh: boolean; readonly add: boolean },
): Html {
  return html`<p class="soft">A passkey signs you in with a device of yours, without a mail.</p>
${may.isFresh ? '' : html`<p class="banner" role="status">To change them, show again that it is you: <a href="/sign-in?to=%2Fpasskeys">sign in</a>, then come back within ten minutes.</p>`}
${passkeys.length === 0 ? html`<p>You have none yet.</p>` : html`<ul>${passkeys.map((passkey) => one(passkey, may.isFresh))}</ul>`}
${may.add ? addPart() : ''}`
}

function one({ id, name, created_at, last_used_at }: Shown, isFresh: boolean): Html {
  const field = `name-${id.slice(0, 12)}`
  return html`<li><h2>${name}</h2>
<dl class="facts"><dt>Added</dt><dd>${minuteText(created_at)}</dd><dt>Last used</dt><dd>${last_used_at === undefined ? 'not yet' : minuteText(last_used_at)}</dd></dl>
${
  isFresh
    ? html`<details><summary>Change</summary>
<form method="post" action="/passkeys/${id}/rename"><label for="${field}">New name of ${name}</label><input id="${field}" name="name" value="${name}" required maxlength="100"><button type="submit" class="quiet">Rename</button></form>
<form method="post" action="/passkeys/${id}/remove"><button type="submit" class="quiet" aria-label="Remove ${name}">Remove</button></form></details>`
    : ''
}</li>`
}

function addPart(): Html {
  return html`<div data-passkey-part hidden>
<h2>Another device</h2>
<label for="passkey-name">What you call it</label>
<input id="passkey-name" maxlength="100">
<button type="button" data-passkey="add">Add a passkey</button>
<p id="passkey-says" class="soft" role="status"></p>
</div>`
}
