import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'

type Holding = { readonly receivedAt: number; readonly hiddenUntil: number }

const HIDDEN_MILLISECONDS_MAX = 43_200_000

/**
 * Makes the client's SQS answer as its API reference says where the emulator (1.5.33) does not:
 * DeleteMessage of a message already deleted succeeds (the emulator: ReceiptHandleIsInvalid);
 * ChangeMessageVisibility of one no longer hidden is MessageNotInflight, and beyond 12 hours from the receive is
 * InvalidParameterValue (the emulator hides it again in both cases).
 */
export function sqsAsDocumented(client: SQSClient): void {
  const holdings = new Map<string, Holding>()

  async function queueVisibility(QueueUrl: string | undefined): Promise<number> {
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] })
    return Number((await client.send(asked)).Attributes?.VisibilityTimeout ?? 30)
  }

  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const input: object = call.input
        const handle = text(input, 'ReceiptHandle')
        const held = handle === undefined ? undefined : holdings.get(handle)
        const seconds = 'VisibilityTimeout' in input ? Number(input.VisibilityTimeout) : undefined
        if (commandName === 'ChangeMessageVisibilityCommand' && handle !== undefined && held !== undefined) {
          assertChange(held, seconds ?? 0)
          holdings.set(handle, { ...held, hiddenUntil: Date.now() + (seconds ?? 0) * 1000 })
        }
        const result = await next(call).catch((error: unknown) => {
          const isGone = commandName === 'DeleteMessageCommand' && held !== undefined
          if (!isGone || !(error instanceof Error) || error.name !== 'ReceiptHandleIsInvalid') throw error
          return { output: { $metadata: {} }, response: {} }
        })
        if (commandName !== 'ReceiveMessageCommand') return result
        const receivedAt = Date.now()
        const hidden = seconds ?? (await queueVisibility(text(input, 'QueueUrl')))
        for (const received of handlesOf(result.output))
          holdings.set(received, { receivedAt, hiddenUntil: receivedAt + hidden * 1000 })
        return result
      },
    { step: 'initialize', name: 'sqsAsDocumented' },
  )
}

function assertChange({ receivedAt, hiddenUntil }: Holding, seconds: number): void {
  if (hiddenUntil <= Date.now()) throw answer('MessageNotInflight', 'The specified message is not in flight.')
  if (Date.now() + seconds * 1000 > receivedAt + HIDDEN_MILLISECONDS_MAX)
    throw answer(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
    )
}

function answer(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } })
}

function handlesOf(output: object): readonly string[] {
  if (!('Messages' in output) || !Array.isArray(output.Messages)) return []
  return output.Messages.flatMap((message: object) => text(message, 'ReceiptHandle') ?? [])
}

function text(of: object, field: 'ReceiptHandle' | 'QueueUrl'): string | undefined {
  const value = Object.entries(of).find(([name]) => name === field)?.[1]
  return typeof value === 'string' ? value : undefined
}
