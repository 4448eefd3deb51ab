import { describe, expect, it } from 'vitest'
import type { ReleaseManifest } from '#shared/contracts/release.ts'
import { changesBetween, resolveParameters } from './template-facts.ts'
import { templatesOfReleases, tenantTemplateFacts } from './tenant-template.ts'

const manifest: ReleaseManifest = {
  version: '1.0.0',
  gitSha: 'a'.repeat(40),
  templateSha256: 'b'.repeat(64),
  templateKey: `templates/1.0.0/${'b'.repeat(64)}.json`,
  parameters: {
    TenantId: { type: 'String', allowedPattern: '^ten_[0-9a-z]{26}$' },
    Placement: { type: 'String', allowedValues: ['cell', 'dedicated'] },
    CertificateArn: { type: 'String', default: '' },
    HostedZoneId: { type: 'String', default: '' },
    IdentityIsReady: { type: 'String', default: 'false' },
    MailboxCreate: { type: 'String', default: 'create' },
  },
  cellVersionMin: '1.0.0',
  cellVersionMax: '1.0.0',
  isBreaking: false,
  functions: {},
}
const given = { TenantId: `ten_${'0'.repeat(26)}`, Placement: 'cell' }
const template = tenantTemplateFacts(manifest)
const deployed = (more: Readonly<Record<string, string>> = {}, of = template) => ({
  template: of,
  parameters: resolveParameters(of, { ...given, ...more }),
  tags: {},
})

describe('what a release of the tenant template would change', () => {
  it('nothing, when nothing is otherwise', () => {
    expect(changesBetween(deployed(), deployed())).toEqual([])
  })

  it('a certificate brings its domain, and takes it away', () => {
    const withCertificate = deployed({ CertificateArn: 'arn' })
    const ids = changesBetween(deployed(), withCertificate).map(({ action, logicalId }) => `${action} ${logicalId}`)
    expect(ids).toEqual(['Add WildcardDomain'])
    expect(changesBetween(withCertificate, deployed())).toMatchObject([
      { action: 'Remove', logicalId: 'WildcardDomain' },
    ])
  })

  it('every other parameter changes the functions in place', () => {
    expect(changesBetween(deployed(), deployed({ MailboxCreate: 'new' }))).toEqual([
      { logicalId: 'Functions', resourceType: 'AWS::Lambda::Function', action: 'Modify', replacement: 'False' },
    ])
  })

  it('another release changes the functions, and none of what holds data', () => {
    const next = tenantTemplateFacts({ ...manifest, version: '1.1.0', templateSha256: 'c'.repeat(64) })
    expect(changesBetween(deployed(), deployed({}, next)).map(({ logicalId }) => logicalId)).toEqual(['Functions'])
  })

  it('a release is found by the key at the end of its URL, and no other', async () => {
    const source = templatesOfReleases(async () => [manifest])
    const url = `https://bucket.s3.eu-central-1.amazonaws.com/${manifest.templateKey}`
    expect(await source.read(url)).toEqual(template)
    expect(await source.read(url.replace('1.0.0', '1.0.1'))).toBeUndefined()
  })
})

describe('parameters', () => {
  for (const [what, wrong] of [
    ['missing', { Placement: 'cell' }],
    ['unknown', { ...given, Other: 'x' }],
    ['not of the pattern', { ...given, TenantId: 'ten_a' }],
    ['not of the values', { ...given, Placement: 'moon' }],
  ] as const)
    it(`one that is ${what} is invalid`, () => {
      expect(() => resolveParameters(template, wrong)).toThrowError(expect.objectContaining({ code: 'cloud.invalid' }))
    })
})
