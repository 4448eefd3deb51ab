/** SES's notice of a received mail (S3 action), as its documentation shows it; fully believed unless told otherwise. */
export function sesNotice(options: {
  readonly recipients: readonly string[]
  readonly messageId?: string
  readonly source?: string
  readonly from?: string
  readonly spf?: string
  readonly dkim?: string
  readonly dmarc?: string
  readonly virus?: string
  readonly bucketName?: string
  readonly objectKey?: string
}) {
  const messageId = options.messageId ?? 'ses1'
  return {
    notificationType: 'Received',
    mail: {
      timestamp: '2026-11-24T09:00:00.000Z',
      source: options.source ?? 'ana.diaz@example.com',
      messageId,
      destination: [...options.recipients],
      headersTruncated: false,
      headers: [],
      commonHeaders: { from: [options.from ?? 'Ana Diaz <ana.diaz@example.com>'] },
    },
    receipt: {
      timestamp: '2026-11-24T09:00:00.000Z',
      processingTimeMillis: 300,
      recipients: [...options.recipients],
      spamVerdict: { status: 'PASS' },
      virusVerdict: { status: options.virus ?? 'PASS' },
      spfVerdict: { status: options.spf ?? 'PASS' },
      dkimVerdict: { status: options.dkim ?? 'PASS' },
      dmarcVerdict: { status: options.dmarc ?? 'PASS' },
      action: {
        type: 'S3',
        topicArn: 'arn:aws:sns:eu-west-1:123456789012:x',
        bucketName: options.bucketName ?? 'bucket',
        objectKey: options.objectKey ?? `inbound/${messageId}`,
      },
    },
  }
}
