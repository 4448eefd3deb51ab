import type { Blobs } from '#shared/platform/blobs.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import type { Queues, Topics } from '#shared/platform/queue.ts'
import type { Table } from '#shared/platform/table.ts'

export type Ports = {
  readonly table: Table
  readonly topics: Topics
  readonly queues: Queues
  readonly blobs: Blobs
  readonly mailer: Mailer
}

export type PortName = keyof Ports

/** Stands round every call of every port: may delay it, fail it, or let it happen and then fail. */
export type Around = <T>(port: PortName, verb: string, act: () => Promise<T>) => Promise<T>

/** The same ports with `around` at each call. */
export function aroundPorts({ table, topics, queues, blobs, mailer }: Ports, around: Around): Ports {
  return {
    table: {
      get: (key) => around('table', 'get', () => table.get(key)),
      getMany: (keys) => around('table', 'getMany', () => table.getMany(keys)),
      write: (operation) => around('table', 'write', () => table.write(operation)),
      transact: (operations) => around('table', 'transact', () => table.transact(operations)),
      putMany: (items) => around('table', 'putMany', () => table.putMany(items)),
      query: (query) => around('table', 'query', () => table.query(query)),
      scan: (scan) => around('table', 'scan', () => table.scan(scan)),
    },
    topics: {
      publish: (topicName, body) => around('topics', 'publish', () => topics.publish(topicName, body)),
    },
    queues: {
      send: (queueName, body, options) => around('queues', 'send', () => queues.send(queueName, body, options)),
      receive: (queueName, options) => around('queues', 'receive', () => queues.receive(queueName, options)),
      delete: (queueName, handle) => around('queues', 'delete', () => queues.delete(queueName, handle)),
      changeVisibility: (queueName, handle, seconds) =>
        around('queues', 'changeVisibility', () => queues.changeVisibility(queueName, handle, seconds)),
      depth: (queueName) => around('queues', 'depth', () => queues.depth(queueName)),
    },
    blobs: {
      put: (key, bytes) => around('blobs', 'put', () => blobs.put(key, bytes)),
      get: (key) => around('blobs', 'get', () => blobs.get(key)),
      head: (key) => around('blobs', 'head', () => blobs.head(key)),
      delete: (key) => around('blobs', 'delete', () => blobs.delete(key)),
      list: (prefix, options) => around('blobs', 'list', () => blobs.list(prefix, options)),
    },
    mailer: {
      send: (mail) => around('mailer', 'send', () => mailer.send(mail)),
      lookup: (sendId) => around('mailer', 'lookup', () => mailer.lookup(sendId)),
      blank: (isOf, cursor) =>
        around('mailer', 'blank', async () => (await mailer.blank?.(isOf, cursor)) ?? { blanked: 0 }),
    },
  }
}
