import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { putAnswer } from '#shared/platform/node/put-answer.ts'
import type { ReceiptRuleSets } from '#shared/platform/receipt-rule-sets.ts'
import { answerCloudFormation } from '#tenant-stack/cell/answer-cloudformation.ts'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'

type Taken = { readonly method: string | undefined; readonly contentType: string | undefined; readonly body: unknown }

const taken: Taken[] = []
let status = 200
let close: () => Promise<void>
let url = ''

beforeAll(async () => {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      taken.push({ method: request.method, contentType: request.headers['content-type'], body: JSON.parse(body) })
      response.writeHead(status).end()
    })
  })
  const door = await listenLocally(server)
  close = door.close
  url = `${door.endpoint}/answer?X-Amz-Signature=abc`
})
afterAll(() => close())
beforeEach(() => {
  taken.length = 0
  status = 200
})

/** SES with one account's rule sets, and what was done to it. */
function ruleSetsWith(active: string | undefined): ReceiptRuleSets & { readonly done: string[] } {
  const done: string[] = []
  let now = active
  return {
    done,
    active: async () => now,
    async activate(ruleSetName) {
      done.push(`activate ${ruleSetName}`)
      now = ruleSetName
    },
    async deactivate() {
      done.push('deactivate')
      now = undefined
    },
  }
}

const asked = (RequestType: 'Create' | 'Update' | 'Delete', more: object = {}) => ({
  RequestType,
  ResponseURL: url,
  StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/convoke-cell/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Active',
  ResourceType: 'Custom::ActiveReceiptRuleSet',
  ServiceToken: 'arn',
  ResourceProperties: { ServiceToken: 'arn', RuleSetName: 'ours' },
  ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'receipt-rule-set/ours' }),
  ...more,
})

async function play(active: string | undefined, request: object) {
  const ruleSets = ruleSetsWith(active)
  await answerCloudFormation({ ruleSets, log: createCollectingLog(), putAnswer }, request)
  return { done: ruleSets.done, answer: taken.at(-1)?.body }
}

const SUCCESS = {
  Status: 'SUCCESS',
  PhysicalResourceId: 'receipt-rule-set/ours',
  StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/convoke-cell/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Active',
}

describe('Create and Update', () => {
  it('activate ours where none is active', async () => {
    expect(await play(undefined, asked('Create'))).toEqual({ done: ['activate ours'], answer: SUCCESS })
    expect(taken).toHaveLength(1)
    expect(taken[0]?.method).toBe('PUT')
    expect(taken[0]?.contentType ?? '').toBe('')
  })

  it('do nothing where ours is active already, however often they are asked', async () => {
    expect(await play('ours', asked('Create'))).toEqual({ done: [], answer: SUCCESS })
    const update = asked('Update', { OldResourceProperties: { RuleSetName: 'ours' } })
    expect(await play('ours', update)).toEqual({ done: [], answer: SUCCESS })
  })

  it('refuse where somebody else’s is active, and name it', async () => {
    for (const request of [asked('Create'), asked('Update', { OldResourceProperties: { RuleSetName: 'ours' } })]) {
      const { done, answer } = await play('theirs', request)
      expect(done).toEqual([])
      expect(answer).toMatchObject({
        ...SUCCESS,
        Status: 'FAILED',
        Reason: expect.stringContaining('"theirs" is active'),
      })
    }
  })

  it('go from our old set to our new one, whose end then takes nothing away', async () => {
    const update = asked('Update', { OldResourceProperties: { RuleSetName: 'old-ours' } })
    expect((await play('old-ours', update)).done).toEqual(['activate ours'])
    const end = asked('Delete', { ResourceProperties: { RuleSetName: 'old-ours' } })
    expect((await play('ours', end)).done).toEqual([])
  })
})

describe('Delete', () => {
  it('deactivates ours alone', async () => {
    expect(await play('ours', asked('Delete'))).toEqual({ done: ['deactivate'], answer: SUCCESS })
    expect(await play('theirs', asked('Delete'))).toEqual({ done: [], answer: SUCCESS })
    expect(await play(undefined, asked('Delete'))).toEqual({ done: [], answer: SUCCESS })
  })
})

describe('a request that cannot be read', () => {
  it('is answered with FAILED where it says where to, because silence holds the stack for an hour', async () => {
    const request = asked('Create', { ResourceProperties: {} })
    const { done, answer } = await play(undefined, request)
    expect([done, answer]).toMatchObject([[], { ...SUCCESS, Status: 'FAILED', PhysicalResourceId: 'unread/request-1' }])
    expect((await play(undefined, { ...asked('Create'), RequestType: 'Other' })).answer).toMatchObject({
      Status: 'FAILED',
    })
  })

  it('made nothing: what CloudFormation deletes of it is gone, and nothing is taken from others', async () => {
    const request = asked('Delete', { ResourceProperties: {}, PhysicalResourceId: 'unread/request-1' })
    expect(await play('theirs', request)).toMatchObject({
      done: [],
      answer: { Status: 'SUCCESS', PhysicalResourceId: 'unread/request-1' },
    })
  })

  it('is a failure of the function where nobody can be answered', async () => {
    await expect(play(undefined, { RequestType: 'Create' })).rejects.toThrow('ResponseURL')
    expect(taken).toEqual([])
  })
})

describe('an answer', () => {
  it('is given when SES fails, with its words', async () => {
    const ruleSets = { ...ruleSetsWith(undefined), active: () => Promise.reject(new Error('Throttled '.repeat(900))) }
    await answerCloudFormation({ ruleSets, log: createCollectingLog(), putAnswer }, asked('Create'))
    expect(taken[0]?.body).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Throttled') })
    expect(JSON.stringify(taken[0]?.body).length).toBeLessThan(4096)
  })

  it('that is not taken is a failure of the function, which Lambda tries again', async () => {
    status = 403
    await expect(play(undefined, asked('Create'))).rejects.toThrow('status 403')
  })
})
