import type { CfnCondition, CfnResource } from 'aws-cdk-lib'
import { CfnBasePathMapping, CfnDomainName, type CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'
import { pascalCase } from './names.ts'

type Props = {
  readonly domainName: string
  readonly certificateArn: string
  readonly hostedZoneId: string
  /** Hosts that get address records, such as `api`. */
  readonly hosts: readonly string[]
  readonly stage: CfnStage
  /** Holds once there is a certificate. */
  readonly condition: CfnCondition
  /** Where there is a zone of ours to write them into as well; elsewhere a person enters what the outputs say. */
  readonly recordsCondition: CfnCondition
}

/** `*.<domain>` in front of a stage, and alias records for the hosts: one custom domain a tenant, because a region has few. */
export class WildcardDomain extends Construct {
  /** What the hosts' address records lead to. */
  readonly regionalDomainName: string

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id)
    const { domainName, stage } = props
    const conditional = <T extends CfnResource>(resource: T): T => {
      resource.cfnOptions.condition = props.condition
      return resource
    }
    const wildcard = conditional(
      new CfnDomainName(this, 'Name', {
        domainName: `*.${domainName}`,
        regionalCertificateArn: props.certificateArn,
        securityPolicy: 'TLS_1_2',
        endpointConfiguration: { types: ['REGIONAL'] },
      }),
    )
    this.regionalDomainName = wildcard.attrRegionalDomainName
    const mapping = new CfnBasePathMapping(this, 'Mapping', {
      domainName: wildcard.ref,
      restApiId: stage.restApiId,
      stage: stage.ref,
    })
    conditional(mapping)
    const aliasTarget = { dnsName: wildcard.attrRegionalDomainName, hostedZoneId: wildcard.attrRegionalHostedZoneId }
    // A alone: a regional domain name answers by IPv4 unless it is told otherwise.
    for (const host of props.hosts) {
      const record = new CfnRecordSet(this, `${pascalCase(host)}A`, {
        hostedZoneId: props.hostedZoneId,
        name: `${host}.${domainName}.`,
        type: 'A',
        aliasTarget,
      })
      record.cfnOptions.condition = props.recordsCondition
    }
  }
}
