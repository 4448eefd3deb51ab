import { describe, expect, it } from 'vitest'
import { slot } from '#infra/constructs/names.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { baselineTemplates, templateIn } from './cell-sample.ts'

const release = templateIn(baselineTemplates(), 'baseline-release')
describe('the release bucket', () => {
  it('is versioned and locked, read by the organisation, added to by the publisher, changed by nobody', () => {
    expect(release.Resources.Bucket?.Properties).toMatchObject({
      BucketName: { 'Fn::Sub': `baseline-release-${slot('AWS::AccountId')}-${slot('AWS::Region')}` },
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 400 } } },
    })
    const policy = JSON.stringify(release.Resources.BucketPolicy)
    expect(policy).toContain('"Condition":{"StringEquals":{"aws:PrincipalOrgID":{"Ref":"OrganizationId"}}}')
    expect(policy).not.toMatch(/DeleteObject|BypassGovernance|PutBucket/)
  })

  it('is read by the accounts of customers that are named, and without any by nobody more', () => {
    const statements = (customers: readonly string[]) => {
      const resolver = createResolver(release, { CustomerAccountIds: customers.join(',') })
      const [, policy] = resolver.present(['AWS::S3::BucketPolicy'])[0] ?? []
      return JSON.stringify(policy?.Properties)
    }
    const some = statements(['999999999999', '888888888888'])
    expect(some).toContain('"Condition":{"StringEquals":{"aws:PrincipalAccount":["999999999999","888888888888"]}}')
    expect(statements([])).not.toContain('aws:PrincipalAccount')
  })
})
