import { factOf, type Observation, type Step, type Work } from '../step.ts'
import { readIdentity } from './identity-steps.ts'
import { stackNameOfWork } from './stack-operation.ts'

const LOOK_AGAIN_MILLISECONDS = 30_000
const UPDATE_MAY_TAKE_MILLISECONDS = 15 * 60_000

/** Everything that makes a tenant work, looked at once more from outside and read back, each for itself. */
export const smokeTest: Step = {
  name: 'smoke_test',
  sentence: 'We try your server out.',
  vendorSentence: 'Smoke test: identity, SES tenant, route, API, pages.',
  async observe(work) {
    for (const [waitsFor, isGood] of Object.entries(checks))
      if (!(await isGood(work))) return notYet(work, `smoke_${waitsFor}`)
    return { kind: 'done' }
  },
}

function notYet({ ctx, run, step }: Work, waitsFor: string): Observation {
  const now = ctx.clock.now()
  // A release whose server does not come up must not keep its tenant from being given the one before.
  if (run.kind === 'update' && now - (step.firstAt ?? now) >= UPDATE_MAY_TAKE_MILLISECONDS)
    return {
      kind: 'ended',
      event: 'update_failed',
      code: waitsFor,
      text: `Still not so after the update: ${waitsFor}.`,
    }
  return { kind: 'waiting', waitsFor, whoActs: 'vendor', nextAt: now + LOOK_AGAIN_MILLISECONDS }
}

const checks: { readonly [what: string]: (work: Work) => Promise<boolean> } = {
  identity: async (work) => (await readIdentity(work))?.isVerified === true,
  /** A send needs both the identity and the configuration set in the SES tenant. */
  async ses_tenant(work) {
    const tenantName = stackNameOfWork(work)
    const arns = (await work.call('ses', (cloud) => cloud.sesTenants.associations(tenantName))) ?? []
    return [`identity/${work.tenant.domainName}`, `configuration-set/${factOf(work, 'configurationSetName')}`].every(
      (resource) => arns.some((arn) => arn.endsWith(`:${resource}`)),
    )
  },
  async route(work) {
    const { cellTableName } = await work.site()
    if (cellTableName === undefined) return true
    const { domainName, tenantId } = work.tenant
    const found = await work.call('dynamodb', (cloud) => cloud.cellRoutes.read({ cellTableName, domainName }))
    return found?.tenantId === tenantId && found.status === 'active'
  },
  api: async (work) => (await work.ctx.probes.answers(factOf(work, 'apiUrl'))) === 'answers',
  /** By their public name, so that the certificate is asked for by it (SNI); a release without pages of its own tells no address. */
  async pages(work) {
    const { pagesUrl } = work.facts
    return pagesUrl === undefined || (await work.ctx.probes.answers(`${pagesUrl}/confirm`)) === 'answers'
  },
}
