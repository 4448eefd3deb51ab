import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createFrameReader, frameOf } from '../packet/tcp-frame.ts'

export type Transport = 'udp' | 'tcp'
/** Answers a packet; undefined: stays silent. Never throws. */
export type Responder = (packet: Uint8Array, transport: Transport) => Promise<Uint8Array | undefined>

export type DnsSocket = { readonly port: number; readonly close: () => Promise<void> }

/** RFC 7766 section 6.2.3: idle connections are closed after seconds. */
const IDLE_MILLISECONDS = 10_000
const CONNECTIONS_MAX = 64
/** A free UDP port may be taken for TCP: so many are tried when any will do. */
const TRIES = 8

/** Listens by UDP and TCP at the same port. Rejects with the socket's own error, such as EADDRINUSE. */
export async function openDnsSocket(host: string, port: number, respond: Responder): Promise<DnsSocket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openBoth(host, port, respond)
    } catch (error) {
      if (port !== 0 || attempt === TRIES) throw error
    }
  }
}

async function openBoth(host: string, port: number, respond: Responder): Promise<DnsSocket> {
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const onPacket = async (packet: Buffer, from: RemoteInfo): Promise<void> => {
    const answer = await respond(packet, 'udp')
    if (answer !== undefined && !isClosed) udp.send(answer, from.port, from.address)
  }
  let isClosed = false
  udp.on('message', (packet, from) => void onPacket(packet, from))
  udp.bind({ port, address: host, exclusive: true })
  await once(udp, 'listening')
  // What happens to one datagram (its sender is gone) is no fault of the server.
  udp.on('error', () => undefined)
  const taken = udp.address().port
  const connections = new Set<Socket>()
  const tcp = createServer((connection) => serveConnection(connection, connections, respond))
  tcp.maxConnections = CONNECTIONS_MAX
  try {
    tcp.listen({ host, port: taken, exclusive: true })
    await once(tcp, 'listening')
  } catch (error) {
    udp.close()
    throw error
  }
  return {
    port: taken,
    async close() {
      isClosed = true
      const gone = Promise.all([once(tcp, 'close'), once(udp, 'close')])
      tcp.close()
      udp.close()
      for (const connection of connections) connection.destroy()
      await gone
    },
  }
}

function serveConnection(connection: Socket, connections: Set<Socket>, respond: Responder): void {
  const frames = createFrameReader()
  connections.add(connection)
  connection.setTimeout(IDLE_MILLISECONDS, () => connection.destroy())
  connection.on('error', () => connection.destroy())
  connection.on('close', () => connections.delete(connection))
  const answerAll = async (packets: readonly Uint8Array[]): Promise<void> => {
    for (const packet of packets) {
      const answer = await respond(packet, 'tcp')
      if (answer === undefined || connection.destroyed) connection.destroy()
      else connection.write(frameOf(answer))
    }
    connection.resume()
  }
  connection.on('data', (chunk) => {
    // One chunk at a time, so that nobody can pile up questions.
    connection.pause()
    void answerAll(frames.take(Buffer.from(chunk)))
  })
}
