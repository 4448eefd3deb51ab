import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpProbes } from './http-probes.ts'

let server: Server
let asked: string[] = []
let answer: RequestListener = () => undefined
let baseUrl = ''
beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const local = createHttpProbes({ allowsPlain: true })

describe('look from outside', () => {
  it('is answered by a problem document of ours alone', async () => {
    answer = (_, response) => void response.writeHead(404).end('{"type":"urn:convoke:problem:api.not_found"}')
    expect(await local.answers(`${baseUrl}/v1`)).toBe('answers')
    expect(asked).toEqual(['/v1/probe'])
    answer = (_, response) => void response.writeHead(200).end('{"type":"of somebody else"}')
    expect(await local.answers(baseUrl)).toBe('silent')
  })

  it('asks by https alone: the address is told by a stack in a customer’s account, and what hears plain HTTP here is our own', async () => {
    answer = (_, response) => void response.writeHead(404).end('{"type":"urn:convoke:problem:api.not_found"}')
    expect(await createHttpProbes().answers(`${baseUrl}/2018-06-01/runtime/invocation/next?`)).toBe('silent')
    expect(await createHttpProbes().answers('no address')).toBe('silent')
    expect(asked).toEqual([])
  })

  it('stops reading what is longer than a problem document', async () => {
    let sent = 0
    answer = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
        sent += 65_536
      }
      response.on('drain', more)
      more()
    }
    expect(await local.answers(baseUrl)).toBe('silent')
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })
})
