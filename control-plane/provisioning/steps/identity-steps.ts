import type { EmailIdentity } from '#control-plane/cloud/email-identities.ts'
import { TENANT_TAG } from '#control-plane/cloud/tags.ts'
import { factOf, type Observation, type Step, type Work } from '../step.ts'
import { mailFromDomainOf } from './domain-records.ts'
import { foreign, isLeftBehind, isOurs, leftAlone, tagsOf } from './ours.ts'
import { stackNameOfWork } from './stack-operation.ts'

/** SES looks by itself about so often; asking sooner spends its budget for nothing. */
const LOOK_AGAIN_MILLISECONDS = 30_000

export function readIdentity(work: Work): Promise<EmailIdentity | undefined> {
  return work.call('ses', (cloud) => cloud.emailIdentities.read(work.tenant.domainName))
}

export const makeIdentity: Step = {
  name: 'make_identity',
  sentence: 'We register your domain for mail.',
  vendorSentence: 'SES: identity with DKIM of 2048 bits.',
  async ensure(work) {
    const configurationSetName = factOf(work, 'configurationSetName')
    const emailIdentity = work.tenant.domainName
    const tags = tagsOf(work)
    await work.call('ses', (cloud) => cloud.emailIdentities.create({ emailIdentity, configurationSetName, tags }))
    return undefined
  },
  async observe(work) {
    const identity = await readIdentity(work)
    if (identity === undefined) return { kind: 'absent' }
    if (!isOurs(identity.tags, work.tenant.tenantId)) return foreignIdentity(work, identity)
    return {
      kind: 'done',
      resources: { dkimTokens: identity.dkim.tokens.join(' ') },
      domain: { events: ['identity_asked'] },
    }
  },
}

/** The former holder's is let go of by his own run: it bears his keys, and is not taken over. */
async function foreignIdentity(work: Work, { emailIdentity, tags }: EmailIdentity): Promise<Observation> {
  if (!(await isLeftBehind(work, tags?.[TENANT_TAG]))) return foreign(`an SES identity ${emailIdentity}`)
  const nextAt = work.ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
  return { kind: 'waiting', waitsFor: 'handover', whoActs: 'vendor', nextAt }
}

export const setMailFrom: Step = {
  name: 'set_mail_from',
  sentence: 'We set up where bounces go.',
  vendorSentence: 'SES: feedback forwarding off, MAIL FROM domain.',
  async ensure(work) {
    const emailIdentity = work.tenant.domainName
    // First, because only the second can be read back: found set, both are done.
    await work.call('ses', (cloud) => cloud.emailIdentities.stopFeedbackForwarding(emailIdentity))
    const mailFromDomain = mailFromDomainOf(work.tenant)
    await work.call('ses', (cloud) => cloud.emailIdentities.setMailFrom({ emailIdentity, mailFromDomain }))
    return undefined
  },
  async observe(work) {
    const identity = await readIdentity(work)
    if (identity === undefined) return { kind: 'redo', from: 'make_identity', because: 'the identity is gone' }
    return identity.mailFrom?.domainName === mailFromDomainOf(work.tenant) ? { kind: 'done' } : { kind: 'absent' }
  },
}

/** SES's own view. It gives up after 72 hours; our look at the records was green before, so it is worth asking it anew. */
export const awaitIdentity: Step = {
  name: 'await_identity',
  sentence: 'Amazon’s mail service checks your domain.',
  vendorSentence: 'SES: waiting for DKIM and MAIL FROM.',
  async ensure(work) {
    const emailIdentity = work.tenant.domainName
    const identity = await readIdentity(work)
    if (identity?.dkim.status === 'FAILED')
      await work.call('ses', (cloud) => cloud.emailIdentities.rearmDkim(emailIdentity))
    if (identity?.mailFrom?.status === 'FAILED') {
      const mailFromDomain = mailFromDomainOf(work.tenant)
      await work.call('ses', (cloud) => cloud.emailIdentities.setMailFrom({ emailIdentity, mailFromDomain }))
    }
    return undefined
  },
  async observe(work) {
    const identity = await readIdentity(work)
    if (identity === undefined) return { kind: 'redo', from: 'make_identity', because: 'the identity is gone' }
    const dkimTokens = identity.dkim.tokens.join(' ')
    if (dkimTokens !== work.facts.dkimTokens)
      return { kind: 'redo', from: recordsStep(work), because: 'the DKIM tokens are others', resources: { dkimTokens } }
    const { dkim, mailFrom } = identity
    if (dkim.status === 'SUCCESS' && mailFrom?.status === 'SUCCESS')
      return { kind: 'done', domain: { events: ['dkim_seen', 'mailfrom_seen'] } }
    if (dkim.status === 'FAILED' || mailFrom?.status === 'FAILED') return { kind: 'absent' }
    const nextAt = work.ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
    return { kind: 'waiting', waitsFor: 'identity', whoActs: 'nobody', nextAt } satisfies Observation
  },
}

function recordsStep({ tenant }: Work) {
  return tenant.dnsMode === 'delegated' ? 'write_records' : 'await_records'
}

export const removeIdentity: Step = {
  name: 'remove_identity',
  sentence: 'Your domain is taken out of the mail service.',
  vendorSentence: 'SES: identity deleted, before the route and the stack.',
  async ensure(work) {
    const emailIdentity = work.tenant.domainName
    await letGo(work, emailIdentity)
    // SES deletes by the name alone: read last thing before, it may be the next holder's by now.
    const identity = await readIdentity(work)
    if (!isOurs(identity?.tags, work.tenant.tenantId)) return undefined
    await work.call('ses', (cloud) => cloud.emailIdentities.delete(emailIdentity))
    return undefined
  },
  async observe(work) {
    const identity = await readIdentity(work)
    const gone: readonly string[] = ['dkimTokens']
    if (identity === undefined) return { kind: 'done', gone }
    if (isOurs(identity.tags, work.tenant.tenantId)) return { kind: 'absent' }
    return leftAlone(work, `SES identity ${identity.emailIdentity}`, identity.tags, gone)
  },
}

/** A stack that could not be updated any more still holds the identity in its SES tenant, and SES deletes none that is held. */
async function letGo(work: Work, emailIdentity: string): Promise<void> {
  const tenantName = stackNameOfWork(work)
  const arns = (await work.call('ses', (cloud) => cloud.sesTenants.associations(tenantName))) ?? []
  for (const resourceArn of arns.filter((arn) => arn.endsWith(`:identity/${emailIdentity}`)))
    await work.call('ses', (cloud) => cloud.sesTenants.dissociate({ tenantName, resourceArn }))
}
