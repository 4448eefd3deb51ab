import { Aws, CfnOutput, CfnParameter } from 'aws-cdk-lib'
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager'
import { CfnHostedZone, CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { CfnEmailIdentity } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import * as z from 'zod'
import { domainName as domainNameSchema } from '#shared/contracts/settings.ts'
import { PlainStack } from '../constructs/plain-stack.ts'
import { retainExceptOnCreate } from '../constructs/retain.ts'

/** An hour: long enough for resolvers, short enough to mend a mistake the same day. */
const TTL_SECONDS = '3600'

/**
 * Zone, mail identity and certificate of one domain, for a licensee who deploys by hand. It waits for the delegation of the zone (72
 * hours at most), which is why it is no part of the tenant stack.
 */
export class DomainStack extends PlainStack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'Convoke domain: zone, mail identity, certificate' })
    const domainName = new CfnParameter(this, 'DomainName', {
      type: 'String',
      allowedPattern: z.toJSONSchema(domainNameSchema, { io: 'input' }).pattern ?? '',
    }).valueAsString
    const reportAddress = new CfnParameter(this, 'DmarcReportAddress', {
      type: 'String',
      description: 'Address that DMARC reports go to, such as dmarc@<domain>.',
    }).valueAsString
    const zone = new CfnHostedZone(this, 'Zone', { name: `${domainName}.` })
    retainExceptOnCreate(zone)
    const identity = new CfnEmailIdentity(this, 'Identity', {
      emailIdentity: domainName,
      // Bounces come by the tenant's event feed; forwarded as mail they would come to addresses that answers are expected at.
      feedbackAttributes: { emailForwardingEnabled: false },
      dkimSigningAttributes: { nextSigningKeyLength: 'RSA_2048_BIT' },
      mailFromAttributes: { mailFromDomain: `bounce.${domainName}`, behaviorOnMxFailure: 'USE_DEFAULT_VALUE' },
    })
    const record = (id: string, name: string, type: string, ...values: readonly string[]) =>
      new CfnRecordSet(this, id, {
        hostedZoneId: zone.attrId,
        name: `${name}.`,
        type,
        ttl: TTL_SECONDS,
        resourceRecords: [...values],
      })
    record('Dkim1', identity.attrDkimDnsTokenName1, 'CNAME', identity.attrDkimDnsTokenValue1)
    record('Dkim2', identity.attrDkimDnsTokenName2, 'CNAME', identity.attrDkimDnsTokenValue2)
    record('Dkim3', identity.attrDkimDnsTokenName3, 'CNAME', identity.attrDkimDnsTokenValue3)
    record('Inbound', domainName, 'MX', `10 inbound-smtp.${Aws.REGION}.${Aws.URL_SUFFIX}`)
    record('Spf', domainName, 'TXT', '"v=spf1 include:amazonses.com -all"')
    record('Bounces', `bounce.${domainName}`, 'MX', `10 feedback-smtp.${Aws.REGION}.amazonses.com`)
    record('BounceSpf', `bounce.${domainName}`, 'TXT', '"v=spf1 include:amazonses.com -all"')
    // Reports first: a stricter policy is for the day they show nothing unknown.
    record('Dmarc', `_dmarc.${domainName}`, 'TXT', `"v=DMARC1; p=none; rua=mailto:${reportAddress}"`)
    const certificate = new CfnCertificate(this, 'Certificate', {
      domainName: `*.${domainName}`,
      validationMethod: 'DNS',
      domainValidationOptions: [{ domainName: `*.${domainName}`, hostedZoneId: zone.attrId }],
    })
    const outputs = { HostedZoneId: zone.attrId, CertificateArn: certificate.ref }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}
