import { createConnection } from 'node:net'
import type { Ask } from './ask.ts'
import { isAnswerTo } from './is-answer-to.ts'
import { readPacket } from './packet/dns-packet.ts'
import { createFrameReader, frameOf } from './packet/tcp-frame.ts'

/** Asks by TCP: one connection, one question. */
export const askTcp: Ask = (server, asked, timeoutMilliseconds) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: server.address, port: server.port })
    const frames = createFrameReader()
    const timer = setTimeout(() => end('time_out'), timeoutMilliseconds)

    function end(outcome: Awaited<ReturnType<Ask>>): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }

    socket.on('error', () => end('unreachable'))
    socket.on('close', () => end('unreachable'))
    socket.on('data', (chunk) => {
      const [frame] = frames.take(Buffer.from(chunk))
      if (frame === undefined) return
      const answer = readPacket(frame)
      const isOurs = answer !== undefined && isAnswerTo(asked, answer) && !answer.isTruncated
      end(isOurs ? answer : 'malformed')
    })
    socket.on('connect', () => socket.write(frameOf(asked.bytes)))
  })
