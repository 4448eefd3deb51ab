/** A call of the SDK and what it answered, by the API's names. */
export type Fields = { readonly [field: string]: unknown }

/**
 * Stands before the emulator: `next` asks it; what is returned replaces fields of its answer, or is the answer when nobody asked it.
 * Errors thrown here are the service's.
 */
export type Documented = (commandName: string, input: Fields, next: Ask) => Promise<Fields>

/** Asks the emulator, with some fields of the input otherwise. */
export type Ask = (instead?: Fields) => Promise<Fields>

type Next<I, O> = (call: { input: I }) => Promise<{ output: O; response: unknown }>

/** The middleware (step `initialize`) that lets `handle` answer. */
export function documented<I extends object, O extends object>(handle: Documented) {
  return (next: Next<I, O>, { commandName = '' }: { readonly commandName?: string }): Next<I, O> =>
    async (call) => {
      let result: { output: O; response: unknown } | undefined
      const fields = await handle(commandName.replace(/Command$/, ''), fieldsOf(call.input), async (instead = {}) => {
        result = await next({ ...call, input: Object.assign(call.input, instead) })
        return fieldsOf(result.output)
      })
      // The SDK types an answer by its command, which only the handler knows here.
      if (result === undefined)
        return { output: { $metadata: { httpStatusCode: 200 }, ...fields } as unknown as O, response: {} }
      Object.assign(result.output, fields)
      return result
    }
}

export function serviceError(name: string, message: string, more: Fields = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more })
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
