import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Ask } from './ask.ts'
import { isAnswerTo } from './is-answer-to.ts'
import { readPacket } from './packet/dns-packet.ts'

/**
 * Asks by UDP from a port of its own. The socket is connected, so the kernel drops what others send; what has another id or question, or
 * is no packet at all, is somebody's guess (RFC 5452): it is passed over and the true answer awaited.
 */
export const askUdp: Ask = (server, asked, timeoutMilliseconds) =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
    let sawGarbage = false
    const timer = setTimeout(() => end(sawGarbage ? 'malformed' : 'time_out'), timeoutMilliseconds)
    let isEnded = false

    function end(outcome: Awaited<ReturnType<Ask>>): void {
      if (isEnded) return
      isEnded = true
      clearTimeout(timer)
      socket.close()
      resolve(outcome)
    }

    socket.on('error', () => end('unreachable'))
    socket.on('message', (datagram) => {
      const answer = readPacket(datagram)
      if (answer === undefined) sawGarbage = true
      else if (isAnswerTo(asked, answer)) end(answer)
    })
    socket.connect(server.port, server.address, (error?: Error) => {
      if (isEnded) return
      if (error) end('unreachable')
      else socket.send(asked.bytes)
    })
  })
