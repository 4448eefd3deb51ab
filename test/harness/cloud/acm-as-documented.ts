import type { ACMClient } from '@aws-sdk/client-acm'
import type { Sees } from '#control-plane/cloud/simulated/simulation.ts'
import { documented, fieldsOf, listOf, text } from './documented.ts'

export type AcmMemory = ReturnType<typeof acmMemory>

/** What outlives one client. */
export function acmMemory() {
  return { arnsByToken: new Map<string, string>(), looks: new Map<string, number>() }
}

/**
 * Makes ACM answer as its API reference says where the emulator (1.5.33) does not: a certificate waits until its record is seen (the
 * emulator issues at once) and tells the record only at the second look; an idempotency token gives the same certificate again.
 */
export function acmAsDocumented(client: ACMClient, { arnsByToken, looks }: AcmMemory, sees: Sees): void {
  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      if (commandName === 'RequestCertificate') {
        const token = `${text(input.DomainName)} ${text(input.IdempotencyToken)}`
        const known = arnsByToken.get(token)
        if (known !== undefined && looks.has(known)) return { CertificateArn: known }
        const certificateArn = text((await next()).CertificateArn)
        arnsByToken.set(token, certificateArn)
        looks.set(certificateArn, 0)
        return {}
      }
      const answer = await next()
      const certificateArn = text(input.CertificateArn)
      if (commandName === 'DeleteCertificate') looks.delete(certificateArn)
      const before = looks.get(certificateArn)
      if (commandName !== 'DescribeCertificate' || before === undefined) return {}
      looks.set(certificateArn, before + 1)
      const detail = fieldsOf(answer.Certificate)
      const options = listOf(detail.DomainValidationOptions)
      const record = fieldsOf(options[0]?.ResourceRecord)
      const seen = await sees(text(record.Name).replace(/\.$/, ''), 'CNAME')
      const isSeen = seen.kind === 'values' && seen.values.includes(text(record.Value).replace(/\.$/, ''))
      const Status = isSeen ? 'ISSUED' : 'PENDING_VALIDATION'
      if (before > 0) return { Certificate: { ...detail, Status } }
      const withoutRecord = options.map((option) => ({ ...option, ResourceRecord: undefined }))
      return { Certificate: { ...detail, Status, DomainValidationOptions: withoutRecord } }
    }),
    { step: 'initialize', name: 'acmAsDocumented' },
  )
}
