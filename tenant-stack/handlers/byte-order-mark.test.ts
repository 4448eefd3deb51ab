import { Hono } from 'hono'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { expect, it } from 'vitest'
import { withByteOrderMark } from './byte-order-mark.ts'

const csv = (header: string) => ({ 'content-type': `text/csv; charset=utf-8; header=${header}` })
const app = new Hono()
  .get('/file', (c) => c.body('\uFEFFä,b\r\n', 200, csv('present')))
  .get('/part', (c) => c.body('ä,b\r\n', 200, csv('absent')))
  .get('/page', (c) => c.html('ä'))
  .get('/image', (c) => c.body(new Uint8Array([1, 2]), 200, { 'content-type': 'image/png' }))

/** As API Gateway's REST APIs ask. */
const askFor = (path: string): LambdaEvent => ({
  version: '1.0',
  resource: '/{proxy+}',
  path,
  httpMethod: 'GET',
  headers: { host: 'api.events.example.net' },
  multiValueHeaders: {},
  queryStringParameters: {},
  body: null,
  isBase64Encoded: false,
  requestContext: {
    accountId: '',
    apiId: '',
    authorizer: {},
    domainName: 'api.events.example.net',
    domainPrefix: '',
    extendedRequestId: '',
    httpMethod: 'GET',
    identity: { sourceIp: '', userAgent: '' },
    path,
    protocol: '',
    requestId: '',
    requestTime: '',
    requestTimeEpoch: 0,
    resourcePath: '',
    stage: '',
  },
})

it.each([
  ['/file', '\uFEFFä,b\r\n'],
  ['/part', 'ä,b\r\n'],
  ['/page', 'ä'],
  ['/image', 'AQI='],
])('answers %s with %j', async (path, body) => {
  expect(withByteOrderMark(await handle(app)(askFor(path))).body).toBe(body)
})
