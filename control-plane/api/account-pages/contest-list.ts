import { html } from 'hono/html'
import type * as z from 'zod'
import type { ClaimProofView, ContestView } from '#shared/contracts/control-claims.ts'
import type { Html } from '../sign-in/pages/page.ts'
import { actForm, copyable, minuteText } from './texts.ts'

type Contest = z.infer<typeof ContestView>
type Proof = z.infer<typeof ClaimProofView>
export type ContestItem = { readonly contest: Contest; readonly proof: Proof | undefined }

const OUTCOMES: Readonly<Record<Contest['state'], string>> = {
  open: 'Open',
  kept: 'Kept by you',
  dropped: 'Given up by the other side',
  won: 'Lost',
  moot: 'Over: the domain was given back',
}

/** Contests of names that a licensee holds or held; `mayKeep`: whether the buttons are his. */
export function contestList(items: readonly ContestItem[], mayKeep: boolean): Html {
  if (items.length === 0)
    return html`<p>None of your domains is contested.</p><p class="soft">When somebody else shows that a domain of yours is under their control, you see it here and are mailed.</p>`
  return html`<ul>${items.map((item) => contestItem(item, mayKeep))}</ul>`
}

function contestItem({ contest, proof }: ContestItem, mayKeep: boolean): Html {
  const { domain_name, state, opened_at, unbind_at } = contest
  return html`<li><h2>${domain_name}</h2>
<p><span class="state ${state === 'open' || state === 'won' ? 'bad' : 'waits'}">${OUTCOMES[state]}</span> <span class="soft">since ${minuteText(opened_at)}</span></p>
${state === 'open' ? openPart(contest.domain_name, unbind_at, proof, mayKeep) : ''}</li>`
}

function openPart(domainName: string, unbindAt: string, proof: Proof | undefined, mayKeep: boolean): Html {
  const base = `/contests/${encodeURIComponent(domainName)}`
  return html`<p>Somebody has shown by a DNS record that this domain is under their control. Show before ${minuteText(unbindAt)} that it is yours, or it is no longer yours here: nothing is sent in its name any more, and your data is kept and locked.</p>
${proof === undefined ? '' : proofPart(proof)}
${mayKeep ? html`<div class="acts">${proof === undefined ? actForm(`${base}/keep`, 'Keep it', 'main') : actForm(`${base}/check`, 'Check now', 'main')}</div>` : html`<p class="soft">An owner or admin of the licensee keeps it.</p>`}`
}

function proofPart({ record, names }: Proof): Html {
  return html`<p>Enter this record in DNS. It is yours alone; we look at it several times a day.</p>
${names.map(
  ({ record_name, seen_at }) => html`<dl class="facts">
<dt>Type</dt><dd>${record.type}</dd>
<dt>Name</dt><dd>${copyable(record_name)}</dd>
<dt>Value</dt><dd>${copyable(record.value)}</dd>
<dt>Seen</dt><dd>${seen_at === undefined ? 'not yet' : minuteText(seen_at)}</dd>
</dl>`,
)}`
}
