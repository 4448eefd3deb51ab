import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import * as z from 'zod'

const Route = z.object({
  url: z.string(),
  handler: z.function({ input: [z.unknown(), z.unknown()], output: z.void() }),
})
const Plugin = z.object({ default: z.function({ input: [z.unknown(), z.unknown(), z.unknown()], output: z.void() }) })

/**
 * The script of the API's reference page, gzipped: Scalar's own bundle for browsers. Of its packages the one for Fastify alone holds that
 * bundle without the three hundred packages it is made of; it gives it to whoever plays Fastify for as long as it takes to register.
 */
export async function referenceScript(): Promise<Uint8Array> {
  const plugin = Plugin.parse(await import('@scalar/fastify-api-reference')).default
  let script = ''
  const reply = {
    header: () => reply,
    send(text: string) {
      script = text
    },
  }
  const fastify = {
    hasPlugin: () => false,
    log: { warn: () => undefined },
    route(given: unknown) {
      const { url, handler } = Route.parse(given)
      if (url.endsWith('.js')) handler({}, reply)
    },
  }
  plugin(fastify, { configuration: { url: '/' } }, () => undefined)
  if (!script.includes('createApiReference')) throw new Error('the package of the reference page holds no script')
  return promisify(gzip)(script, { level: 9 })
}
