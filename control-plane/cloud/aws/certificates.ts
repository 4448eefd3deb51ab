import {
  type ACMClient,
  type CertificateDetail,
  CertificateStatus,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListTagsForCertificateCommand,
  paginateListCertificates,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm'
import { CERTIFICATE_STATUSES, type Certificate, type Certificates } from '../certificates.ts'
import { calling, type ErrorMeanings, given, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags, toSdkTags } from './sdk-tags.ts'

const MEANINGS: ErrorMeanings = {
  ResourceNotFoundException: 'gone',
  ResourceInUseException: 'in_use',
  ConflictException: 'conflict',
  ThrottlingException: 'throttled',
}

export function createCertificates(client: ACMClient): Certificates {
  return {
    async request({ domainName, idempotencyToken, tags }) {
      const command = new RequestCertificateCommand({
        DomainName: domainName,
        ValidationMethod: 'DNS',
        IdempotencyToken: idempotencyToken,
        Tags: toSdkTags(tags),
      })
      const answer = await calling('RequestCertificate', () => client.send(command), MEANINGS)
      return { certificateArn: given(answer.CertificateArn, 'CertificateArn') }
    },
    async describe(certificateArn) {
      const command = new DescribeCertificateCommand({ CertificateArn: certificateArn })
      const answer = await reading('DescribeCertificate', () => client.send(command), MEANINGS)
      return answer && certificateOf(given(answer.Certificate, 'Certificate'))
    },
    list: (domainName) =>
      calling(
        'ListCertificates',
        async () => {
          // Without these it would list those of RSA 2048 alone.
          const everyKind = {
            CertificateStatuses: Object.values(CertificateStatus),
            Includes: { keyTypes: Object.values(KeyAlgorithm) },
          }
          const arns: string[] = []
          for await (const page of paginateListCertificates({ client }, everyKind))
            for (const { DomainName, CertificateArn } of page.CertificateSummaryList ?? [])
              if (DomainName?.toLowerCase() === domainName && CertificateArn !== undefined) arns.push(CertificateArn)
          return arns
        },
        MEANINGS,
      ),
    async tagsOf(certificateArn) {
      const command = new ListTagsForCertificateCommand({ CertificateArn: certificateArn })
      const answer = await reading('ListTagsForCertificate', () => client.send(command), MEANINGS)
      return answer && fromSdkTags(answer.Tags)
    },
    async delete(certificateArn) {
      const command = new DeleteCertificateCommand({ CertificateArn: certificateArn })
      await orElse(
        'gone',
        undefined,
        calling('DeleteCertificate', () => client.send(command), MEANINGS),
      )
    },
  }
}

function certificateOf(detail: CertificateDetail): Certificate {
  const record = detail.DomainValidationOptions?.[0]?.ResourceRecord
  const withoutDot = (name: string | undefined) => given(name, 'the validation record').replace(/\.$/, '')
  return {
    certificateArn: given(detail.CertificateArn, 'CertificateArn'),
    domainName: given(detail.DomainName, 'DomainName'),
    status: word(CERTIFICATE_STATUSES, detail.Status, 'the status of a certificate'),
    ...(record === undefined
      ? {}
      : {
          validationRecord: {
            name: withoutDot(record.Name).toLowerCase(),
            type: 'CNAME' as const,
            value: withoutDot(record.Value).toLowerCase(),
          },
        }),
    ...(detail.FailureReason === undefined ? {} : { failureReason: detail.FailureReason }),
    inUseBy: detail.InUseBy ?? [],
    ...(detail.CreatedAt === undefined ? {} : { requestedAt: detail.CreatedAt.getTime() }),
    ...(detail.NotAfter === undefined ? {} : { expiresAt: detail.NotAfter.getTime() }),
  }
}
