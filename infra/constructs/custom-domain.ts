import type { CfnCondition } from 'aws-cdk-lib'
import { CfnBasePathMapping, CfnDomainName, type CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'

type Props = {
  readonly domainName: string
  readonly certificateArn: string
  readonly hostedZoneId: string
  readonly stage: CfnStage
  /** Holds once there is a certificate. */
  readonly condition: CfnCondition
  /** Where there is a zone of ours to write the address record into as well. */
  readonly recordCondition: CfnCondition
}

/** One name in front of a stage, and its alias record. */
export class CustomDomain extends Construct {
  /** What the address record leads to. */
  readonly regionalDomainName: string

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id)
    const { domainName, stage, condition } = props
    const name = new CfnDomainName(this, 'Name', {
      domainName,
      regionalCertificateArn: props.certificateArn,
      securityPolicy: 'TLS_1_2',
      endpointConfiguration: { types: ['REGIONAL'] },
    })
    this.regionalDomainName = name.attrRegionalDomainName
    const mapping = new CfnBasePathMapping(this, 'Mapping', {
      domainName: name.ref,
      restApiId: stage.restApiId,
      stage: stage.ref,
    })
    // A alone: a regional domain name answers by IPv4 unless it is told otherwise.
    const record = new CfnRecordSet(this, 'A', {
      hostedZoneId: props.hostedZoneId,
      name: `${domainName}.`,
      type: 'A',
      aliasTarget: { dnsName: name.attrRegionalDomainName, hostedZoneId: name.attrRegionalHostedZoneId },
    })
    for (const part of [name, mapping]) part.cfnOptions.condition = condition
    record.cfnOptions.condition = props.recordCondition
  }
}
