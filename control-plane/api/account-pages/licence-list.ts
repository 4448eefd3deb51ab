import { html } from 'hono/html'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { WORKING_STATES } from '#shared/contracts/licence-file.ts'
import type { Html } from '../sign-in/pages/page.ts'
import { licenceWords, type Words } from './licence-words.ts'
import { TENANT_WORDS, WANTS_DNS } from './tenant-words.ts'
import { dayText } from './texts.ts'

export type Listed = { readonly licence: Licence; readonly tenantState: Tenant['state'] | undefined }

/** The licences of one page, with the way to the next. */
export function licenceList(listed: readonly Listed[], nextPath: string | undefined): Html {
  if (listed.length === 0)
    return html`<p>There is no licence yet.</p><p class="soft">A licence is made for each domain: by us, or by the API.</p>`
  return html`<ul>${listed.map(listItem)}</ul>
${nextPath === undefined ? '' : html`<a class="button" href="${nextPath}">More</a>`}`
}

function listItem({ licence, tenantState }: Listed): Html {
  const words = licenceWords(licence)
  const { licenceId, domainName, periodEnd } = licence
  return html`<li><h2><a href="/licences/${licenceId}">${domainName}</a></h2>
<p>${badge(words)} <span class="soft">${periodEnd === undefined ? 'no period yet' : html`period ends ${dayText(periodEnd)}`}</span></p>
<p>${nextOf(licence, tenantState, words)}</p></li>`
}

/** What whoever pays does next: when the licence works, it is his DNS that may be in the way. */
function nextOf({ state }: Licence, tenantState: Listed['tenantState'], words: Words): string {
  const isSetUp = tenantState !== undefined && WANTS_DNS.includes(tenantState) && WORKING_STATES.includes(state)
  return isSetUp ? `${TENANT_WORDS[tenantState]} The page of the licence shows which.` : words.next
}

/** The state in words; its colour says nothing that they do not. */
export function badge({ state, look }: Words): Html {
  return html`<span class="state ${look}">${state}</span>`
}
