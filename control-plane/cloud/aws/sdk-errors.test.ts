import { ACMClient } from '@aws-sdk/client-acm'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { Route53Client } from '@aws-sdk/client-route-53'
import { S3Client } from '@aws-sdk/client-s3'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { mockClient } from 'aws-sdk-client-mock'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock as clock } from '#shared/platform/node/system-clock.ts'
import { createAwsCloud } from './aws-cloud.ts'

const place = { awsAccountId: '111111111111', region: 'eu-central-1' }
const cloud = createAwsCloud({ clock, home: { region: 'eu-central-1' } })
const { hostedZones, certificates, emailIdentities, sesTenants, sesAccount, stacks, tenantFiles, tenantData } =
  cloud.at(place)
const { organizations } = cloud

const mocks = {
  organizations: mockClient(OrganizationsClient),
  route53: mockClient(Route53Client),
  acm: mockClient(ACMClient),
  ses: mockClient(SESv2Client),
  cloudformation: mockClient(CloudFormationClient),
  s3: mockClient(S3Client),
  dynamodb: mockClient(DynamoDBClient),
}
type Service = keyof typeof mocks

const said = (name: string, message = name, more: object = {}) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more })
const status = (httpStatusCode: number) => Object.assign(new Error('oh'), { name: 'Oh', $metadata: { httpStatusCode } })
const because = (Reason: string) => said('ConstraintViolationException', 'no', { Reason })

const tags = {}
const clientRequestToken = 'd'
const changeSet = { stackName: 'convoke-a', changeSetName: 'c', clientRequestToken }
const calls = {
  createAccount: () => organizations.createAccount({ email: 'a@example.com', accountName: 'a', tags }),
  moveAccount: () => organizations.moveAccount({ awsAccountId: '1', fromParentId: 'r-1', toParentId: 'ou-1' }),
  closeAccount: () => organizations.closeAccount('1'),
  createZone: () => hostedZones.create({ callerReference: 'r', domainName: 'example.com' }),
  changeRecords: () => hostedZones.changeRecords({ hostedZoneId: 'Z', changes: [] }),
  deleteZone: () => hostedZones.delete('Z'),
  requestCertificate: () => certificates.request({ domainName: '*.example.com', idempotencyToken: 't', tags }),
  deleteCertificate: () => certificates.delete('arn'),
  createIdentity: () => emailIdentities.create({ emailIdentity: 'example.com', tags }),
  deleteIdentity: () => emailIdentities.delete('example.com'),
  associate: () => sesTenants.associate({ tenantName: 't', resourceArn: 'arn' }),
  askForProduction: () => sesAccount.askForProduction({ websiteUrl: 'u', useCase: 'c', contactEmail: 'e' }),
  createChangeSet: () =>
    stacks.createChangeSet({
      stackName: 'convoke-a',
      changeSetName: 'c',
      type: 'CREATE',
      templateUrl: 'u',
      parameters: {},
      tags,
      clientToken: 't',
    }),
  executeChangeSet: () => stacks.executeChangeSet(changeSet),
  deleteStack: () => stacks.delete({ stackName: 'convoke-a', clientRequestToken }),
  putFile: () => tenantFiles.put({ bucketName: 'b', key: 'k', bytes: new Uint8Array(), contentType: 'text/plain' }),
  deleteTable: () => tenantData.deleteTable('t'),
} as const

const CASES: readonly (readonly [Service, keyof typeof calls, Error, string])[] = [
  ['organizations', 'createAccount', said('ConcurrentModificationException'), 'conflict'],
  ['organizations', 'createAccount', said('TooManyRequestsException'), 'throttled'],
  ['organizations', 'createAccount', said('FinalizingOrganizationException'), 'conflict'],
  ['organizations', 'createAccount', because('ACCOUNT_NUMBER_LIMIT_EXCEEDED'), 'quota'],
  ['organizations', 'createAccount', because('ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED'), 'throttled'],
  ['organizations', 'createAccount', because('MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED'), 'vendor_task'],
  ['organizations', 'createAccount', because('A_REASON_OF_NEXT_YEAR'), 'vendor_task'],
  ['organizations', 'createAccount', said('InvalidInputException'), 'invalid'],
  ['organizations', 'moveAccount', said('SourceParentNotFoundException'), 'conflict'],
  ['organizations', 'moveAccount', said('DuplicateAccountException'), 'conflict'],
  ['organizations', 'moveAccount', said('AccountNotFoundException'), 'gone'],
  ['organizations', 'closeAccount', because('CLOSE_ACCOUNT_QUOTA_EXCEEDED'), 'quota'],
  ['organizations', 'closeAccount', because('CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED'), 'throttled'],
  ['route53', 'createZone', said('HostedZoneAlreadyExists'), 'exists'],
  ['route53', 'createZone', said('TooManyHostedZones'), 'quota'],
  ['route53', 'createZone', said('DelegationSetNotAvailable'), 'conflict'],
  ['route53', 'createZone', said('InvalidDomainName'), 'invalid'],
  ['route53', 'changeRecords', said('PriorRequestNotComplete'), 'conflict'],
  ['route53', 'changeRecords', said('Throttling', 'Rate exceeded'), 'throttled'],
  ['route53', 'changeRecords', said('InvalidChangeBatch'), 'invalid'],
  ['route53', 'deleteZone', said('HostedZoneNotEmpty'), 'in_use'],
  ['acm', 'requestCertificate', said('LimitExceededException'), 'quota'],
  ['acm', 'requestCertificate', said('InvalidDomainValidationOptionsException'), 'invalid'],
  ['acm', 'deleteCertificate', said('ResourceInUseException'), 'in_use'],
  ['ses', 'createIdentity', said('AlreadyExistsException'), 'exists'],
  ['ses', 'createIdentity', said('LimitExceededException'), 'quota'],
  ['ses', 'createIdentity', said('ConcurrentModificationException'), 'conflict'],
  ['ses', 'createIdentity', said('TooManyRequestsException'), 'throttled'],
  ['ses', 'createIdentity', said('BadRequestException', 'Invalid domain'), 'invalid'],
  ['ses', 'deleteIdentity', said('BadRequestException', 'Cannot delete: it has tenant associations'), 'in_use'],
  ['ses', 'associate', said('NotFoundException'), 'gone'],
  ['ses', 'askForProduction', said('ConflictException'), 'vendor_task'],
  ['cloudformation', 'createChangeSet', said('AlreadyExistsException'), 'exists'],
  ['cloudformation', 'createChangeSet', said('LimitExceededException'), 'quota'],
  ['cloudformation', 'createChangeSet', said('InsufficientCapabilitiesException'), 'invalid'],
  [
    'cloudformation',
    'createChangeSet',
    said('ValidationError', 'Stack:arn is in ROLLBACK_COMPLETE state and can not be updated.'),
    'exists',
  ],
  [
    'cloudformation',
    'createChangeSet',
    said('ValidationError', 'Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.'),
    'conflict',
  ],
  ['cloudformation', 'createChangeSet', said('ValidationError', 'Stack [a] does not exist'), 'gone'],
  ['cloudformation', 'createChangeSet', said('ValidationError', 'Parameters: [A] must have values'), 'invalid'],
  ['cloudformation', 'createChangeSet', said('ValidationError', 'S3 error: Access Denied'), 'denied'],
  ['cloudformation', 'executeChangeSet', said('InvalidChangeSetStatus'), 'conflict'],
  ['cloudformation', 'executeChangeSet', said('ChangeSetNotFound'), 'gone'],
  ['cloudformation', 'deleteStack', said('TokenAlreadyExistsException'), 'exists'],
  ['s3', 'putFile', said('NoSuchBucket'), 'gone'],
  ['s3', 'putFile', said('SlowDown'), 'throttled'],
  ['dynamodb', 'deleteTable', said('ResourceInUseException'), 'conflict'],
  ['dynamodb', 'deleteTable', said('LimitExceededException'), 'throttled'],
  [
    'dynamodb',
    'deleteTable',
    said('ValidationException', 'Resource cannot be deleted: deletion protection'),
    'invalid',
  ],
]

/** What may befall every call of every service. */
const EVERYWHERE: readonly (readonly [Error, string])[] = [
  [said('AccessDenied'), 'denied'],
  [said('AccessDeniedException'), 'denied'],
  [said('ExpiredTokenException'), 'denied'],
  [said('ThrottlingException'), 'throttled'],
  [status(429), 'throttled'],
  [status(500), 'unavailable'],
  [status(503), 'unavailable'],
  [Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'unavailable'],
  [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'unavailable'],
  [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'unavailable'],
]

const ONE_OF_EACH: readonly (readonly [Service, keyof typeof calls])[] = [
  ['organizations', 'createAccount'],
  ['route53', 'createZone'],
  ['acm', 'requestCertificate'],
  ['ses', 'createIdentity'],
  ['cloudformation', 'createChangeSet'],
  ['s3', 'putFile'],
  ['dynamodb', 'deleteTable'],
]

describe('what an error of AWS means', () => {
  afterEach(() => {
    for (const mock of Object.values(mocks)) mock.reset()
  })

  for (const [service, call, error, code] of CASES)
    it(`${call}: ${error.message}${'Reason' in error ? ` ${String(error.Reason)}` : ''} is ${code}`, async () => {
      mocks[service].rejects(error)
      await expect(calls[call]()).rejects.toMatchObject({ name: 'Failure', code: `cloud.${code}`, cause: error })
    })

  for (const [service, call] of ONE_OF_EACH)
    it(`${service} denied, throttled and without an answer`, async () => {
      for (const [error, code] of EVERYWHERE) {
        mocks[service].rejects(error)
        await expect(calls[call]()).rejects.toMatchObject({ code: `cloud.${code}`, cause: error })
      }
    })

  it('what is there already, or gone already, is what was wanted', async () => {
    mocks.organizations.rejects(said('AccountAlreadyClosedException'))
    await calls.closeAccount()
    mocks.ses.rejects(said('AlreadyExistsException'))
    await calls.associate()
    mocks.ses.rejects(said('NotFoundException'))
    await calls.deleteIdentity()
    mocks.acm.rejects(said('ResourceNotFoundException'))
    await calls.deleteCertificate()
    mocks.route53.rejects(said('NoSuchHostedZone'))
    await calls.deleteZone()
  })

  it('a word of AWS that is not known is for a person, and no guess', async () => {
    const Certificate = { CertificateArn: 'arn', DomainName: 'x', Status: 'PAUSED' }
    mocks.acm.callsFake(async () => ({ Certificate }))
    await expect(certificates.describe('arn')).rejects.toMatchObject({ code: 'cloud.vendor_task' })
  })
})
