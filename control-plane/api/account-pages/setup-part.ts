import { html } from 'hono/html'
import type { Html } from '../sign-in/pages/page.ts'
import type { Reload } from './account-page.ts'
import type { LicencePage } from './read-licence.ts'
import { PASSING, TENANT_WORDS } from './tenant-words.ts'
import { actForm, minuteText } from './texts.ts'

type Run = NonNullable<LicencePage['run']>
type Step = Run['steps'][number]

const STATUS_WORDS: Readonly<Record<Step['status'], string>> = {
  todo: 'To do',
  leased: 'At work',
  waiting: 'Waits',
  done: 'Done',
  failed: 'Stopped',
  skipped: 'Not needed',
}
const ACTOR_WORDS: Readonly<Record<Run['who_acts'], string>> = {
  nobody: 'It goes on by itself.',
  licensee: 'You act now.',
  vendor: 'We act now.',
}

/** Steps take seconds to minutes. */
const WORKING_SECONDS = 5
/** Whoever enters records is not to lose his place more often than this. */
const PERSON_SECONDS = 60

/** How the domain comes on: in a sentence, and step by step while something is being done. */
export function setupPart({ licence, tenantState, run, isAtWork, acts }: LicencePage): Html {
  return html`<h2>Setup</h2>
<p>${TENANT_WORDS[tenantState]}</p>
${run === undefined ? '' : runPart(run, isAtWork ? 'nobody' : run.who_acts)}
${run !== undefined && acts.manageDomain && isTheirs(run) ? html`<div class="acts">${actForm(`/licences/${licence.licenceId}/retry`, 'Try again')}</div>` : ''}`
}

/** A step that stopped for want of something of the licensee's. */
function isTheirs({ steps }: Run): boolean {
  return steps.some(({ status, who_acts }) => status === 'failed' && who_acts === 'licensee')
}

function runPart(run: Run, whoActs: Run['who_acts']): Html {
  const { done, of } = run.progress
  return html`<p><strong>${run.sentence}</strong> <span class="soft">${ACTOR_WORDS[whoActs]}</span></p>
<progress max="${of}" value="${done}" aria-label="Steps done"></progress>
<details${whoActs === 'licensee' ? '' : html` open`}><summary>${done} of ${of} steps are done</summary>
<ol class="steps">${run.steps.map(stepItem)}</ol></details>`
}

function stepItem(step: Step): Html {
  const isNow = step.status === 'leased' || step.status === 'waiting' || step.status === 'failed'
  return html`<li${isNow ? html` class="now" aria-current="step"` : ''}><span>${STATUS_WORDS[step.status]}</span><span>${step.sentence}${isNow && step.next_look_at !== undefined ? html` <span class="soft">Next look ${minuteText(step.next_look_at)}.</span>` : ''}</span></li>`
}

/** When the page looks again by itself; undefined: nothing moves. */
export function reloadOf({ run, isAtWork, tenantState }: LicencePage): Reload | undefined {
  if (run === undefined) return PASSING.includes(tenantState) ? { seconds: WORKING_SECONDS } : undefined
  return { seconds: isAtWork || run.who_acts === 'nobody' ? WORKING_SECONDS : PERSON_SECONDS }
}
