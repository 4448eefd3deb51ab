import { Fn } from 'aws-cdk-lib'
import { LICENCE_FILE_KEY } from '#shared/contracts/licence-file.ts'
import { PROBE_LOCAL_PART, PROBE_PREFIX } from '#shared/contracts/probe.ts'
import { arnHere, slot } from '../../constructs/names.ts'
import { allow, type Statement } from '../../constructs/statements.ts'
import { verbs } from './execution-rights.ts'
import { globalArn, ownerlessArn, TENANT_NAMES, tenantArns } from './names.ts'

/** The tag by which the engine knows a tenant's resources again. */
const TENANT_TAG = 'cp:tenant'

const isBeingTagged = { Null: { [`aws:RequestTag/${TENANT_TAG}`]: 'false' } }
const isTagged = { Null: { [`aws:ResourceTag/${TENANT_TAG}`]: 'false' } }

/** What the engine does beside stacks: zone, identity and certificate of a domain, and the data of a tenant's stack when it is retired. */
export function engineRights(): readonly Statement[] {
  return [
    ...zoneRights(),
    ...certificateRights(),
    ...identityRights(),
    ...sesTenantRights(),
    ...dataRights(),
    ...probeRights(),
  ]
}

/** Zones have random ids and no tags that IAM reads. */
function zoneRights(): readonly Statement[] {
  const zones = [ownerlessArn('route53', 'hostedzone/*')]
  return [
    allow(verbs('route53', 'CreateHostedZone GetAccountLimit ListHostedZonesByName'), ['*']),
    allow(
      verbs(
        'route53',
        'ChangeResourceRecordSets ChangeTagsForResource DeleteHostedZone GetHostedZone ListResourceRecordSets ListTagsForResource',
      ),
      zones,
    ),
    allow(['route53:GetChange'], [ownerlessArn('route53', 'change/*')]),
  ]
}

function certificateRights(): readonly Statement[] {
  const certificates = [arnHere('acm', 'certificate/*')]
  return [
    allow(['acm:ListCertificates'], ['*']),
    { ...allow(['acm:RequestCertificate'], ['*']), Condition: isBeingTagged },
    { ...allow(['acm:AddTagsToCertificate'], certificates), Condition: isBeingTagged },
    allow(verbs('acm', 'DescribeCertificate ListTagsForCertificate'), certificates),
    { ...allow(['acm:DeleteCertificate'], certificates), Condition: isTagged },
  ]
}

/** Identities bear the tenants' own names: what is not tagged as a tenant's, such as the vendor's, is read and never changed. */
function identityRights(): readonly Statement[] {
  const identities = [arnHere('ses', 'identity/*')]
  return [
    allow(verbs('ses', 'GetAccount ListEmailIdentities PutAccountDetails'), ['*']),
    { ...allow(verbs('ses', 'CreateEmailIdentity TagResource'), identities), Condition: isBeingTagged },
    allow(['ses:GetEmailIdentity'], identities),
    {
      ...allow(
        verbs(
          'ses',
          'CreateTenantResourceAssociation DeleteEmailIdentity DeleteTenantResourceAssociation PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes PutEmailIdentityMailFromAttributes',
        ),
        identities,
      ),
      Condition: isTagged,
    },
  ]
}

function sesTenantRights(): readonly Statement[] {
  const sesTenants = tenantArns('ses', 'tenant/')
  return [
    allow(
      verbs(
        'ses',
        'CreateTenant DeleteTenant GetReputationEntity GetTenant ListTenantResources TagResource UpdateReputationEntityCustomerManagedStatus UpdateReputationEntityPolicy',
      ),
      [sesTenants],
    ),
    allow(
      ['ses:UpdateReputationEntityPolicy'],
      [Fn.sub(`arn:${slot('AWS::Partition')}:ses:${slot('AWS::Region')}:aws:reputation-policy/*`)],
    ),
    allow(verbs('ses', 'CreateTenantResourceAssociation DeleteTenantResourceAssociation'), [
      sesTenants,
      tenantArns('ses', 'configuration-set/'),
    ]),
  ]
}

/** The licence is written there; the rest is read by nobody here and deleted at the end of its time. */
function dataRights(): readonly Statement[] {
  return [
    allow(['s3:GetObject', 's3:PutObject'], [ownerlessArn('s3', `${TENANT_NAMES}/${LICENCE_FILE_KEY}`)]),
    allow(verbs('s3', 'DeleteBucket ListBucket ListBucketVersions'), [ownerlessArn('s3', TENANT_NAMES)]),
    allow(verbs('s3', 'DeleteObject DeleteObjectVersion'), [ownerlessArn('s3', `${TENANT_NAMES}/*`)]),
    allow(verbs('dynamodb', 'DeleteTable DescribeTable UpdateTable'), [tenantArns('dynamodb', 'table/')]),
  ]
}

/** Mail of probes alone, to the simulator and to addresses of probes; and what roles of tenants' stacks may do is asked, never changed. */
function probeRights(): readonly Statement[] {
  return [
    {
      ...allow(
        ['ses:SendEmail'],
        [arnHere('ses', 'identity/*'), tenantArns('ses', 'configuration-set/'), tenantArns('ses', 'tenant/')],
      ),
      Condition: {
        StringLike: { 'ses:FromAddress': 'probe@*' },
        'ForAllValues:StringLike': { 'ses:Recipients': ['success@simulator.amazonses.com', `${PROBE_LOCAL_PART}*@*`] },
      },
    },
    allow(['s3:GetObject'], [ownerlessArn('s3', `${TENANT_NAMES}/${PROBE_PREFIX}*`)]),
    allow(['iam:SimulatePrincipalPolicy'], [globalArn('iam', `role/${TENANT_NAMES}`)]),
  ]
}
