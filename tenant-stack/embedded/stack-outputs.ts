import type { WantedStack } from '#shared/contracts/embedded-stack.ts'

/** No account of AWS has it. */
const ACCOUNT = '000000000000'

/** What the tenant template would put out (`infra/stacks/tenant-stack.ts`), as it is called on this machine. */
export function stackOutputs(
  { stackName, domainName, templateVersion }: WantedStack,
  url: string,
): Readonly<Record<string, string>> {
  const topicArn = (topicName: string) => `arn:aws:sns:embedded:${ACCOUNT}:${stackName}-${topicName}`
  return {
    ApiUrl: `${url}/v1`,
    PagesUrl: url,
    RestApiId: stackName,
    TableName: `${stackName}-table`,
    // S3 knows lower case alone.
    BucketName: `${stackName.toLowerCase()}-bucket`,
    MailTopicArn: topicArn('mail-received'),
    SendEventsTopicArn: topicArn('send-events'),
    ConfigurationSetName: stackName,
    QueueUrlPrefix: `https://sqs.embedded/${ACCOUNT}/${stackName}-`,
    TemplateVersion: templateVersion,
    RegionalDomainName: `regional.${domainName}`,
  }
}
