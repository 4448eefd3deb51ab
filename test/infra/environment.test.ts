import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { cellParameters, dedicatedParameters } from '#infra/template/sample-parameters.ts'
import { parseTenantEnvironment, TenantVariables } from '#shared/contracts/tenant-environment.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)
const WithVariables = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }) })

function environmentsOf(parameters: Readonly<Record<string, string>>) {
  return createResolver(template, parameters)
    .present(['AWS::Lambda::Function'])
    .map(([, { Properties }]) => WithVariables.parse(Properties).Environment.Variables)
}

describe('every function of the tenant stack', () => {
  it('has exactly the variables of the contract, and the contract reads them', () => {
    for (const parameters of [cellParameters, dedicatedParameters])
      for (const variables of environmentsOf(parameters)) {
        expect(Object.keys(variables).toSorted()).toEqual(Object.keys(TenantVariables.shape).toSorted())
        expect(parseTenantEnvironment(variables)).toMatchObject({
          tenantId: cellParameters.TenantId,
          domainName: 'events.example.com',
          apiUrl: 'https://api.events.example.com/v1',
          pagesUrl: 'https://go.events.example.com',
          topicArnPrefix: 'arn:aws:sns:us-east-1:123456789012:convoke-01jd0000000000000000000000-',
          queueUrlPrefix: 'https://sqs.us-east-1.amazonaws.com/123456789012/convoke-01jd0000000000000000000000-',
          templatesLocation: 's3://bucket/templates/',
        })
      }
    expect(environmentsOf(cellParameters)).toHaveLength(15)
  })

  it('knows the stage’s own address until there is a certificate, and the templates’ place when one is given', () => {
    const [variables = {}] = environmentsOf({
      ...cellParameters,
      CertificateArn: '',
      HostedZoneId: '',
      TemplatesPrefix: 'templates/brand/',
    })
    expect(parseTenantEnvironment(variables)).toMatchObject({
      apiUrl: 'https://apirest.execute-api.us-east-1.amazonaws.com/live/v1',
      pagesUrl: 'https://apirest.execute-api.us-east-1.amazonaws.com/live',
      templatesLocation: 's3://bucket/templates/brand/',
    })
  })

  it('claims for less than the sending function can live, and leaves what nobody can tell about alone for an hour', () => {
    for (const variables of environmentsOf(cellParameters))
      expect(parseTenantEnvironment(variables)).toMatchObject({ sendLeaseSeconds: 110, unknownSendSeconds: 3600 })
  })

  it('asks for a licence where keys are given, and for none otherwise', () => {
    const keys = '{"k1":"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="}'
    const keysOf = (parameters: Readonly<Record<string, string>>) =>
      environmentsOf(parameters).map((one) => parseTenantEnvironment(one).licenceKeys)
    for (const read of keysOf({ ...cellParameters, LicenceKeys: keys })) expect(read).toEqual(JSON.parse(keys))
    for (const read of keysOf(cellParameters)) expect(read).toEqual({})
    expect(() => keysOf({ ...cellParameters, LicenceKeys: 'k1=abc' })).toThrow(/CONVOKE_LICENCE_KEYS/)
  })

  it('says the release’s version, and whom to tell where a queue is given', () => {
    const url = 'https://sqs.us-east-1.amazonaws.com/222222222222/baseline-control-plane-tenant-notice'
    const toldOf = (parameters: Readonly<Record<string, string>>) =>
      environmentsOf(parameters).map((one) => parseTenantEnvironment(one))
    for (const read of toldOf({ ...cellParameters, TenantNoticeQueueUrl: url }))
      expect(read).toMatchObject({ noticeQueueUrl: url, templateVersion: sampleRelease.version })
    for (const { noticeQueueUrl } of toldOf(cellParameters)) expect(noticeQueueUrl).toBeUndefined()
  })

  it('logs from the level that was given', () => {
    const levels = environmentsOf({ ...cellParameters, LogLevel: 'error' }).map((one) => one.CONVOKE_LOG_LEVEL)
    expect(levels).toEqual(Array.from({ length: 15 }, () => 'error'))
  })

  it('is told the parameters that were given, and fits into the 4 KB that Lambda has for them', () => {
    const longest = {
      ...cellParameters,
      DomainName: `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`,
      Audience: 'everyone',
    }
    for (const variables of environmentsOf(longest)) {
      expect(parseTenantEnvironment(variables)).toMatchObject({ audience: 'everyone' })
      expect(JSON.stringify(variables).length).toBeLessThan(4096)
    }
  })
})
