import type { S3Client } from '@aws-sdk/client-s3'

/** S3 keeps whole seconds; the emulator (1.5.33) lists LastModified with milliseconds, and without them in a HEAD. */
export function s3AsDocumented(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call)
      const output: object = result.output
      if ('Contents' in output && Array.isArray(output.Contents))
        for (const { LastModified } of output.Contents)
          if (LastModified instanceof Date) LastModified.setMilliseconds(0)
      return result
    },
    { step: 'initialize', name: 's3AsDocumented' },
  )
}
