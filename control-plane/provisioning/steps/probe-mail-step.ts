import { probeAddress, probeKey } from '#shared/contracts/probe.ts'
import { factOf, generationOf, type Observation, type Step, type Work } from '../step.ts'
import { stackNameOfWork } from './stack-operation.ts'

/** Takes every mail and tells nobody (SES, "Using the mailbox simulator"). */
const SIMULATOR_ADDRESS = 'success@simulator.amazonses.com'
/** A mail between two of SES's own servers takes seconds; one that is not there by then is sent once more. */
const SENT_AGAIN_MILLISECONDS = 5 * 60_000
const LOOK_AGAIN_MILLISECONDS = 5000
/** Of a probe's address. */
const TOKEN_CHARACTERS = 26
/** As the rest of the smoke test. */
const UPDATE_MAY_TAKE_MILLISECONDS = 15 * 60_000

/**
 * One mail in the tenant's name, to SES's simulator and to an address of the domain itself: it leaves by the tenant's identity and
 * configuration set, comes back by its MX, and is seen when the stack's first pipeline has left its mark in the tenant's bucket. The token
 * is written down before the mail is sent, and a mail that is sent twice reaches the same two addresses.
 */
export const probeMail: Step = {
  name: 'probe_mail',
  sentence: 'We send your server a mail and wait for it to arrive.',
  vendorSentence: 'Smoke test: mail to the SES simulator and to probe-…@ the domain itself.',
  // The same at each visit: a mail that was sent before a crash counts.
  plan: ({ ctx, run, step }) => ({
    token: ctx.sha256(`probe ${run.runId} ${generationOf(step)}`).slice(0, TOKEN_CHARACTERS),
  }),
  async ensure(work, { token = '' }) {
    const { domainName } = work.tenant
    const { messageId } = await work.call('ses', (cloud) =>
      cloud.probeMails.send({
        tenantName: stackNameOfWork(work),
        configurationSetName: factOf(work, 'configurationSetName'),
        from: `probe@${domainName}`,
        to: [SIMULATOR_ADDRESS, probeAddress(token, domainName)],
        subject: 'A trial of your server',
        text: 'This mail went out and came back: sending and receiving work.',
      }),
    )
    return { messageId, sentAt: String(work.ctx.clock.now()) }
  },
  async observe(work, { token = '' }) {
    if (!comesBack(work)) return { kind: 'done' }
    if (await hasArrived(work, token)) return { kind: 'done' }
    const now = work.ctx.clock.now()
    const { sentAt } = work.step.outputs ?? {}
    if (sentAt === undefined || now - Number(sentAt) >= SENT_AGAIN_MILLISECONDS)
      return hasNoTimeLeft(work) ? updateFailed : { kind: 'absent' }
    const nextAt = now + LOOK_AGAIN_MILLISECONDS
    return { kind: 'waiting', waitsFor: 'probe_mail', whoActs: 'vendor', nextAt }
  },
}

const updateFailed: Observation = {
  kind: 'ended',
  event: 'update_failed',
  code: 'probe_mail',
  text: 'The mail that the server was tried with after the update did not arrive.',
}

/**
 * A release that tells no address of its pages does not know probes yet. Of a domain that is live or was: where its MX leads elsewhere, which
 * its daily look tells, no mail of ours comes back, whatever release it has.
 */
function comesBack({ run, domain, facts }: Work): boolean {
  if (facts.pagesUrl === undefined) return false
  const mx = domain?.records.find(({ key }) => key === 'inbound_mx')
  return run.kind === 'provision' || mx === undefined || mx.state === 'ok'
}

async function hasArrived(work: Work, token: string): Promise<boolean> {
  if (token === '') return false
  const place = { bucketName: factOf(work, 'bucketName'), key: probeKey(token) }
  return (await work.call('s3', (cloud) => cloud.tenantFiles.get(place))) !== undefined
}

function hasNoTimeLeft({ ctx, run, step }: Work): boolean {
  const now = ctx.clock.now()
  return run.kind === 'update' && now - (step.firstAt ?? now) >= UPDATE_MAY_TAKE_MILLISECONDS
}
