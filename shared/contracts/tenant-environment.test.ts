import { describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import { tenantVariables as whole } from './tenant-environment.fixture.ts'
import { parseTenantEnvironment } from './tenant-environment.ts'

function problemOf(env: Record<string, string>): string {
  try {
    parseTenantEnvironment(env)
    return ''
  } catch (error) {
    if (!isFailure(error, 'environment.invalid')) throw error
    return error.message
  }
}

describe('the environment of a tenant’s function', () => {
  it('is read whole, with the settings’ defaults', () => {
    expect(parseTenantEnvironment({ ...whole, AWS_REGION: 'eu-west-1' })).toMatchObject({
      tenantId: whole.CONVOKE_TENANT_ID,
      topicArnPrefix: whole.CONVOKE_TOPIC_ARN_PREFIX,
      audience: 'responded',
      unknownSendSeconds: 900,
      mailboxes: { create: 'create' },
    })
  })

  it('names nobody to be told, unless a queue is given', () => {
    const url = 'https://sqs.us-east-1.amazonaws.com/222222222222/control-tenant-notice'
    const read = (given: string) => parseTenantEnvironment({ ...whole, CONVOKE_NOTICE_QUEUE_URL: given }).noticeQueueUrl
    expect([read(''), read(url)]).toEqual([undefined, url])
  })

  it.each(Object.keys(whole))('is refused without %s, in one line that names it', (name) => {
    const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))
    expect(problemOf(rest)).toMatch(new RegExp(`^${name} [^\n]+$`))
  })

  it.each([
    ['CONVOKE_TENANT_ID', 'ten_1'],
    ['CONVOKE_TOPIC_ARN_PREFIX', 'arn:aws:sns:eu-west-1:123456789012:convoke'],
    ['CONVOKE_API_URL', 'http://api.example.com'],
    ['CONVOKE_AUDIENCE', 'all'],
    ['CONVOKE_ALLOWED_SENDERS', 'Example.com'],
    ['CONVOKE_ALLOWED_SENDERS', 'example.com,'],
    ['CONVOKE_TABEL', 'x'],
    ['CONVOKE_TEMPLATE_VERSION', 'newest'],
    ['CONVOKE_NOTICE_QUEUE_URL', 'arn:aws:sqs:eu-west-1:123456789012:control-tenant-notice'],
  ])('is refused with %s=%s', (name, value) => {
    expect(problemOf({ ...whole, [name]: value })).toMatch(new RegExp(`^${name} `))
  })

  it('is refused when two mailboxes share a name', () => {
    expect(problemOf({ ...whole, CONVOKE_MAILBOX_LISTS: 'create' })).toBe(
      'CONVOKE_MAILBOX_LISTS must differ from CONVOKE_MAILBOX_CREATE',
    )
  })
})
