import { html } from 'hono/html'
import type { Html } from './page.ts'

/** Asks for the address; `wrong` says what was not right about the last one, `to` is the page that was asked for. */
export function askPage({ wrong, to }: { readonly wrong?: string; readonly to?: string | undefined }): Html {
  return html`<p class="soft">We mail you a link. There is no password.</p>
<form method="post" action="/sign-in"${to === undefined ? '' : html` data-to="${to}"`}>
${to === undefined ? '' : html`<input type="hidden" name="to" value="${to}">`}
<label for="email">Your mail address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required maxlength="254"${wrong === undefined ? '' : html` aria-invalid="true" aria-describedby="wrong"`}>
${wrong === undefined ? '' : html`<p id="wrong" class="bad" role="alert">${wrong}</p>`}
<button type="submit">Mail me a link</button>
</form>
<div data-passkey-part hidden>
<button type="button" class="quiet" data-passkey="use">Use a passkey</button>
<p id="passkey-says" class="soft" role="status"></p>
</div>`
}

/** The same for every address. */
export function mailedPage(): Html {
  return html`<p>If this address belongs to somebody here, a mail is on its way. Open its link in this browser within ten minutes.</p>
<p class="soft">Nothing came? Look among the unwanted mails, then <a href="/sign-in">ask again</a>.</p>`
}

/** A link is followed by scanners too: only the button signs in. */
export function confirmPage(token: string): Html {
  return html`<p>One more step, so that nothing but you can use the link.</p>
<form method="post" action="/sign-in/link">
<input type="hidden" name="token" value="${token}">
<button type="submit">Sign in</button>
</form>`
}

export function refusedPage(reason: 'unknown' | 'other_browser'): Html {
  const text =
    reason === 'other_browser'
      ? 'The link must be opened in the browser where it was asked for.'
      : 'The link is too old, or it was used already.'
  return html`<p role="alert">${text}</p>
<a class="button" href="/sign-in">Ask for a new one</a>`
}
