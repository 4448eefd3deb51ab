import { html } from 'hono/html'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { RunView, StepView } from '#control-plane/provisioning/read-run.ts'
import { framed, type Markup, timeOf } from './frame.ts'
import { toneOf } from './start-page.ts'

/** While something is being done the page comes anew by itself. */
const RELOAD_SECONDS = 3

const marks: { readonly [S in StepView['status']]: readonly [tone: string, word: string] } = {
  todo: ['', 'to do'],
  leased: ['accent', 'at work'],
  waiting: ['warn', 'waiting'],
  done: ['good', 'done'],
  failed: ['bad', 'failed'],
  skipped: ['', 'skipped'],
}

/** One tenant: its state, and what is being or was last done to it, step by step, as vendor and licensee read it. */
export function tenantPage(tenant: Tenant, run: RunView | undefined): Markup {
  const { tenantId, domainName, state, licenceId } = tenant
  const isWorking = run?.status === 'working'
  return framed({
    title: domainName,
    place: '/',
    ...(isWorking ? { reloadSeconds: RELOAD_SECONDS } : {}),
    main: html`<p><a href="/">← Control plane</a></p>
<span class="badge ${toneOf(state)}">${state.replaceAll('_', ' ')}</span>
<h1>${domainName}</h1>
<dl class="facts sheet">
<div><dt>Tenant</dt><dd>${tenantId}</dd></div>
<div><dt>Licence</dt><dd>${licenceId}</dd></div>
<div><dt>Where</dt><dd>${tenant.placement}, ${tenant.region}</dd></div>
<div><dt>Since</dt><dd>${timeOf(tenant.createdAt)}</dd></div>
</dl>
${run === undefined ? html`<p class="lead">Nothing was done to it yet: it waits for its licence to be paid.</p>` : runPart(run)}`,
  })
}

function runPart(run: RunView): Markup {
  const { progress, whoActs } = run
  const acts = whoActs === 'nobody' || run.status !== 'working' ? '' : html` <strong>The ${whoActs} acts.</strong>`
  return html`<h2>${run.kind}: ${progress.done} of ${progress.of} steps</h2>
<p class="lead" role="status">${run.sentence}${acts}</p>
<ul class="rows">${run.steps.map(stepRow)}</ul>`
}

function stepRow(step: StepView): Markup {
  const [tone, word] = marks[step.status]
  const trouble = step.error === undefined ? '' : html` ${step.error.code}: ${step.error.text}`
  return html`<li><div class="row"><span class="badge ${tone}">${word}</span><span class="what">${step.sentence}</span>${step.observedAt === undefined ? html`<span></span>` : timeOf(step.observedAt)}<span class="more">${step.vendorSentence}${trouble}</span></div></li>`
}
