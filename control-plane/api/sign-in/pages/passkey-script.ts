/**
 * The one script of the sign-in pages: passkeys have no form. Without it the mailed link does. Browsers turn the JSON of WebAuthn into what
 * their credentials API wants and back (WebAuthn Level 3, §5.1.8–9).
 */
export const PASSKEY_SCRIPT = `const say = (text) => { const place = document.getElementById('passkey-says'); if (place) place.textContent = text }
const post = async (path, body) => {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) })
  if (!answer.ok) throw new Error(answer.status === 429 ? 'Too many tries; wait a little.' : answer.status === 403 ? 'Sign in with the passkey that you have.' : 'That did not work.')
  return answer.json()
}
const acts = {
  async use() {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/sign-in/passkey/use-options'))
    const credential = await navigator.credentials.get({ publicKey })
    await post('/sign-in/passkey/use', { response: credential.toJSON() })
    location.assign(document.querySelector('[data-to]')?.dataset.to ?? '/signed-in')
  },
  async add() {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/sign-in/passkey/add-options'))
    const credential = await navigator.credentials.create({ publicKey })
    const name = document.getElementById('passkey-name')?.value.trim()
    await post('/sign-in/passkey/add', { response: credential.toJSON(), ...(name ? { name } : {}) })
    say('This device can sign you in from now on.')
    if (document.querySelector('[data-passkey-first]')) location.assign('/sign-in')
    if (location.pathname === '/passkeys') location.reload()
  },
}
if (globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const part of document.querySelectorAll('[data-passkey-part]')) part.hidden = false
  for (const button of document.querySelectorAll('[data-passkey]')) {
    button.addEventListener('click', async () => {
      button.disabled = true
      say('')
      try { await acts[button.dataset.passkey]() } catch (error) {
        say(error.name === 'NotAllowedError' ? 'Nothing was chosen.' : error.message)
      } finally { button.disabled = false }
    })
  }
}
`
