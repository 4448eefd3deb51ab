import { once } from 'node:events'
import type { ListenOptions, Server } from 'node:net'

/** Listens and gives the port taken (of use when `port` is 0). Rejects with the socket's own error, such as EADDRINUSE. */
export async function listenOn(server: Server, host: string, port: number): Promise<number> {
  const options: ListenOptions = { host, port, exclusive: true }
  server.listen(options)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`no TCP address at ${host}:${port}`)
  return address.port
}
