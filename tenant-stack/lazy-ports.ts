import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import type { Queues, Topics } from '#shared/platform/queue.ts'
import type { WebhookDoor } from '#shared/platform/webhook-door.ts'
import type { SendPace } from './core/send-ledger/send-pace.ts'

/** Ports that are made at their first call: a function that never calls one never loads what is behind it. */

export function lazyTopics(make: () => Promise<Topics>): Topics {
  const topics = once(make)
  return { publish: async (topicName, body) => (await topics()).publish(topicName, body) }
}

export function lazyQueues(make: () => Promise<Queues>): Pick<Queues, 'depth' | 'send'> {
  const queues = once(make)
  return {
    depth: async (queueName) => (await queues()).depth(queueName),
    send: async (queueName, body, options) => (await queues()).send(queueName, body, options),
  }
}

export function lazyBlobs(make: () => Promise<Blobs>): Blobs {
  const blobs = once(make)
  return {
    put: async (key, bytes) => (await blobs()).put(key, bytes),
    get: async (key) => (await blobs()).get(key),
    head: async (key) => (await blobs()).head(key),
    delete: async (key) => (await blobs()).delete(key),
    list: async (prefix, options) => (await blobs()).list(prefix, options),
  }
}

export function lazyMailer(make: () => Promise<Mailer>): Mailer {
  const mailer = once(make)
  return {
    send: async (mail) => (await mailer()).send(mail),
    lookup: async (sendId) => (await mailer()).lookup(sendId),
  }
}

export function lazyPace(make: () => Promise<SendPace>): SendPace {
  const pace = once(make)
  return { turn: async (input) => (await pace()).turn(input) }
}

export function lazyReader(make: () => Promise<MailReader>): MailReader {
  const reader = once(make)
  return {
    attachedLists: async (raw) => (await reader()).attachedLists(raw),
    disassemble: async (raw, options) => (await reader()).disassemble(raw, options),
    occurs: async (question) => (await reader()).occurs(question),
    sendable: async (series) => (await reader()).sendable(series),
    close: async () => (await reader()).close(),
  }
}

export function lazyWebhookDoor(make: () => Promise<WebhookDoor>): WebhookDoor {
  const door = once(make)
  return {
    refusalOf: async (url) => (await door()).refusalOf(url),
    call: async (call) => (await door()).call(call),
  }
}

/** The same answer for every caller; a making that failed is tried again by the next. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
