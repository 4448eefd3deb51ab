import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib'
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
 * Zone, mail identity and certificate of one domain, for a licensee who deploys by hand. Its certificate waits for the
 * delegation of the zone (72 hours at most), which is why it is no part of the tenant stack, and comes with an update of this one.
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
    // Nobody can delegate a zone whose servers he has not been told: the certificate, which waits for that, comes with an update.
    const isDelegated = new CfnParameter(this, 'IsDelegated', {
      type: 'String',
      default: 'false',
      allowedValues: ['true', 'false'],
      description:
        'True once the parent zone names the name servers of the outputs: the certificate is then asked for.',
    })
    const wantsCertificate = new CfnCondition(this, 'WantsCertificate', {
      expression: Fn.conditionEquals(isDelegated.valueAsString, 'true'),
    })
    const certificate = new CfnCertificate(this, 'Certificate', {
      domainName: `*.${domainName}`,
      validationMethod: 'DNS',
      domainValidationOptions: [{ domainName: `*.${domainName}`, hostedZoneId: zone.attrId }],
    })
    certificate.cfnOptions.condition = wantsCertificate
    new CfnOutput(this, 'HostedZoneId', { value: zone.attrId })
    new CfnOutput(this, 'NameServers', { value: Fn.join(' ', zone.attrNameServers) })
    new CfnOutput(this, 'CertificateArn', { value: certificate.ref, condition: wantsCertificate })
  }
}
