import type { Domain } from '#control-plane/core/domain/domain.ts'
import type { Observation as Look } from '#control-plane/dns/observation.ts'
import { observeDelegation } from '#control-plane/dns/observe-delegation.ts'
import { observeRecords } from '#control-plane/dns/observe-records.ts'
import type { DomainChange, Observation, Step, Work } from '../step.ts'
import { lookedAt, nextLook, recordsOf } from './domain-records.ts'

/** The parent names our servers and the world sees it. They are of a zone made for this tenant alone, so this proves his claim too. */
export const awaitDelegation: Step = {
  name: 'await_delegation',
  sentence: 'We look for the name servers of your domain.',
  vendorSentence: 'Waiting for the delegation at the parent.',
  onDone: whenAwaited,
  async observe(work) {
    const { ctx, tenant } = work
    const domain = domainOf(work)
    const { isDelegated, observations } = await observeDelegation(ctx.dns, {
      domainName: tenant.domainName,
      expectedNameServers: domain.nameServers,
    })
    const set = lookedAt(domain, observations, ctx.clock.now())
    if (!isDelegated) return waitForDns(work, 'delegation', observations, { set })
    return {
      kind: 'done',
      domain: { set, events: ['delegation_seen'], isClaimProven: true },
      facts: { isClaimProven: true },
    }
  },
}

/** Without these nothing works; the others (SPF of the domain itself, DMARC) are told and do not hold anything up. */
const OPTIONAL = /^(spf|dmarc|caa|web_.*)$/

/** Our own look at the records, before SES and ACM are asked: both count the hours. */
export const awaitRecords: Step = {
  name: 'await_records',
  sentence: 'We look for the records of your domain.',
  vendorSentence: 'Waiting until resolvers see the records.',
  // In a domain that is not delegated, the token among the records is what proves the claim.
  onDone: whenAwaited,
  async observe(work) {
    const { ctx, tenant, facts } = work
    const domain = domainOf(work)
    const expected = await recordsOf(ctx, tenant, facts)
    const looks = await observeRecords(ctx.dns, expected)
    const set = lookedAt(domain, looks, ctx.clock.now())
    if (!looks.every(isGood)) return waitForDns(work, 'records', looks, { set })
    return {
      kind: 'done',
      domain: { set, events: ['records_served', 'identity_asked'], isClaimProven: true },
      facts: { isClaimProven: true },
    }
  },
}

/** A host name is right or it is not there: the licensee enters them last, when the server has its name. */
export const awaitWebHosts: Step = {
  name: 'await_web_hosts',
  sentence: 'We look for the host names of your server.',
  vendorSentence: 'Waiting until resolvers see api, go and app.',
  async observe(work) {
    const { ctx, tenant, facts } = work
    if (tenant.dnsMode === 'delegated') return { kind: 'done' }
    const domain = domainOf(work)
    const hosts = (await recordsOf(ctx, tenant, facts)).filter(({ purpose }) => purpose === 'web_host')
    const looks = await observeRecords(ctx.dns, hosts)
    const set = lookedAt(domain, looks, ctx.clock.now())
    if (!looks.every(({ state }) => state === 'ok')) return waitForDns(work, 'records', looks, { set })
    return { kind: 'done', domain: { set } }
  },
}

/** A step that is done again has moved the tenant before. */
function whenAwaited({ tenant }: Work): 'delegation_seen' | undefined {
  return tenant.state === 'awaiting_dns' ? 'delegation_seen' : undefined
}

function isGood({ key, state }: Look): boolean {
  if (state === 'ok') return true
  return OPTIONAL.test(key) && !(key === 'caa' && state === 'wrong')
}

export function domainOf({ domain }: Pick<Work, 'domain'>): Domain {
  if (domain === undefined) throw new Error('the domain has no row')
  return domain
}

function waitForDns(work: Work, waitsFor: string, looks: readonly Look[], domain: DomainChange): Observation {
  const { ctx, step } = work
  const since = step.firstAt ?? ctx.clock.now()
  const whoActs = looks.some((look) => look.whoActs === 'licensee') ? 'licensee' : 'nobody'
  return { kind: 'waiting', waitsFor, whoActs, nextAt: nextLook(ctx, domainOf(work), since, step.visits), domain }
}
