import type { Certificate } from '#control-plane/cloud/certificates.ts'
import { factOf, generationOf, pollAt, type Step, type Work } from '../step.ts'
import { isOurs, tagsOf } from './ours.ts'

/** A certificate that is, or may still be, issued. */
const HOPEFUL: readonly string[] = ['PENDING_VALIDATION', 'ISSUED']
const LOOK_AGAIN_MILLISECONDS = 30_000

function nameOf({ tenant }: Work): string {
  return `*.${tenant.domainName}`
}

function describe(work: Work, certificateArn: string): Promise<Certificate | undefined> {
  return work.call('acm', (cloud) => cloud.certificates.describe(certificateArn))
}

/** Ours by their tags, in every status: by list, and by what was answered to us, because a list may be behind. */
async function ownCertificates(work: Work): Promise<readonly Certificate[]> {
  const listed = await work.call('acm', (cloud) => cloud.certificates.list(nameOf(work)))
  const answered = [work.step.outputs?.certificateArn, work.facts.certificateArn]
  const arns = new Set([...listed, ...answered.filter((arn) => arn !== undefined)])
  const own: Certificate[] = []
  for (const certificateArn of arns) {
    const tags = await work.call('acm', (cloud) => cloud.certificates.tagsOf(certificateArn))
    if (!isOurs(tags, work.tenant.tenantId)) continue
    const found = await describe(work, certificateArn)
    if (found !== undefined) own.push(found)
  }
  return own
}

export const askCertificate: Step = {
  name: 'ask_certificate',
  sentence: 'We ask for the certificate of your pages.',
  vendorSentence: 'ACM: certificate requested.',
  plan: ({ ctx, tenant, step }) => ({
    // A token of ACM is 1 to 32 word characters; another generation must not get the certificate that failed.
    idempotencyToken: ctx.sha256(`${tenant.tenantId}/${generationOf(step)}`).slice(0, 32),
  }),
  async ensure(work, { idempotencyToken = '' }) {
    for (const { certificateArn, status, inUseBy } of await ownCertificates(work))
      if (!HOPEFUL.includes(status) && inUseBy.length === 0)
        await work.call('acm', (cloud) => cloud.certificates.delete(certificateArn))
    const input = { domainName: nameOf(work), idempotencyToken, tags: tagsOf(work) }
    return work.call('acm', (cloud) => cloud.certificates.request(input))
  },
  async observe(work) {
    const hopeful = (await ownCertificates(work)).filter(({ status }) => HOPEFUL.includes(status))
    const best = hopeful.find(({ status }) => status === 'ISSUED') ?? hopeful[0]
    return best === undefined
      ? { kind: 'absent' }
      : { kind: 'done', resources: { certificateArn: best.certificateArn } }
  },
}

export const proveCertificate: Step = {
  name: 'prove_certificate',
  sentence: 'We fetch the record that proves your domain to the certificate authority.',
  vendorSentence: 'ACM: waiting for the validation record, which is not there at once.',
  async observe(work) {
    const found = await describe(work, factOf(work, 'certificateArn'))
    if (found === undefined) return { kind: 'redo', from: 'ask_certificate', because: 'the certificate is gone' }
    const { validationRecord } = found
    if (validationRecord === undefined)
      return { kind: 'waiting', waitsFor: 'certificate', whoActs: 'nobody', nextAt: pollAt(work) }
    const { name, value } = validationRecord
    return { kind: 'done', resources: { validationName: name, validationValue: value } }
  },
}

/** Who acts on a failure, by ACM's word for it. */
const failures: { readonly [reason: string]: string } = {
  CAA_ERROR: 'A CAA record forbids Amazon to issue a certificate for your domain. Allow amazon.com there.',
  DOMAIN_NOT_ALLOWED: 'The certificate authority does not issue for this domain.',
}

export const awaitCertificate: Step = {
  name: 'await_certificate',
  sentence: 'The certificate authority checks your domain.',
  vendorSentence: 'ACM: waiting for the certificate.',
  async observe(work) {
    const found = await describe(work, factOf(work, 'certificateArn'))
    if (found === undefined) return { kind: 'redo', from: 'ask_certificate', because: 'the certificate is gone' }
    const { status, failureReason = '' } = found
    if (status === 'ISSUED') return { kind: 'done', domain: { events: ['certificate_issued'] } }
    if (status === 'PENDING_VALIDATION') {
      const nextAt = work.ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
      return { kind: 'waiting', waitsFor: 'certificate', whoActs: 'nobody', nextAt }
    }
    const text = failures[failureReason]
    const isPersons = status === 'FAILED' && work.step.visits !== 1
    if (isPersons && text !== undefined)
      return { kind: 'stuck', code: failureReason.toLowerCase(), text, whoActs: 'licensee' }
    if (isPersons) return { kind: 'stuck', code: 'certificate_failed', text: failureReason, whoActs: 'vendor' }
    // It gives up after 72 hours, and an expired or revoked one comes back by no waiting: another is asked for.
    return { kind: 'redo', from: 'ask_certificate', because: `the certificate is ${status}` }
  },
}

export const removeCertificate: Step = {
  name: 'remove_certificate',
  sentence: 'The certificate of your pages is removed.',
  vendorSentence: 'ACM: certificates of the name with our tags deleted.',
  async ensure(work) {
    for (const { certificateArn } of await ownCertificates(work))
      await work.call('acm', (cloud) => cloud.certificates.delete(certificateArn))
    return undefined
  },
  async observe(work) {
    const gone: readonly string[] = ['certificateArn', 'validationName', 'validationValue']
    return (await ownCertificates(work)).length === 0 ? { kind: 'done', gone } : { kind: 'absent' }
  },
}
