import type { Cloud, CloudPlace, PlaceCloud } from './cloud.ts'
import type { Organizations } from './organizations.ts'

/** Services whose calls AWS counts apart. */
export const CLOUD_SERVICES = [
  'organizations',
  'sts',
  'route53',
  'acm',
  'ses',
  'cloudformation',
  's3',
  'dynamodb',
  'iam',
] as const
export type CloudService = (typeof CLOUD_SERVICES)[number]

export type CloudCall = {
  readonly service: CloudService
  /** Port and method, such as `hostedZones.create`. */
  readonly verb: string
  readonly isWrite: boolean
  /** Absent: the organisation's management account. */
  readonly place?: CloudPlace
}

/** Stands round every call: may count it, hold it back, refuse it, or let it happen and then fail. */
export type AroundCloud = <T>(call: CloudCall, act: () => Promise<T>) => Promise<T>

/** The same cloud with `around` at each call. */
export function aroundCloud(cloud: Cloud, around: AroundCloud): Cloud {
  return {
    organizations: aroundOrganizations(cloud.organizations, around),
    at: (place) => aroundPlace(cloud.at(place), (call, act) => around({ ...call, place }, act)),
  }
}

function callers(around: AroundCloud, service: CloudService, port: string) {
  const caller =
    (isWrite: boolean) =>
    <T>(method: string, act: () => Promise<T>): Promise<T> =>
      around({ service, verb: `${port}.${method}`, isWrite }, act)
  return { read: caller(false), write: caller(true) }
}

function aroundOrganizations(of: Organizations, around: AroundCloud): Organizations {
  const { read, write } = callers(around, 'organizations', 'organizations')
  return {
    createAccount: (input) => write('createAccount', () => of.createAccount(input)),
    describeCreation: (requestId) => read('describeCreation', () => of.describeCreation(requestId)),
    listCreations: () => read('listCreations', () => of.listCreations()),
    findByEmail: (email) => read('findByEmail', () => of.findByEmail(email)),
    describeAccount: (awsAccountId) => read('describeAccount', () => of.describeAccount(awsAccountId)),
    tagsOf: (awsAccountId) => read('tagsOf', () => of.tagsOf(awsAccountId)),
    parentOf: (awsAccountId) => read('parentOf', () => of.parentOf(awsAccountId)),
    moveAccount: (input) => write('moveAccount', () => of.moveAccount(input)),
    closeAccount: (awsAccountId) => write('closeAccount', () => of.closeAccount(awsAccountId)),
  }
}

/** The same place with `around` at each call; the calls name no place. */
export function aroundPlace(place: PlaceCloud, around: AroundCloud): PlaceCloud {
  return {
    identity: aroundIdentity(place, around),
    hostedZones: aroundHostedZones(place, around),
    certificates: aroundCertificates(place, around),
    emailIdentities: aroundEmailIdentities(place, around),
    sesTenants: aroundSesTenants(place, around),
    sesAccount: aroundSesAccount(place, around),
    stacks: aroundStacks(place, around),
    tenantFiles: aroundTenantFiles(place, around),
    tenantData: aroundTenantData(place, around),
    cellRoutes: aroundCellRoutes(place, around),
    quotas: aroundQuotas(place, around),
    probeMails: aroundProbeMails(place, around),
    roleRights: aroundRoleRights(place, around),
  }
}

function aroundIdentity({ identity: of }: PlaceCloud, around: AroundCloud): PlaceCloud['identity'] {
  const { read } = callers(around, 'sts', 'identity')
  return { read: () => read('read', () => of.read()) }
}

function aroundHostedZones({ hostedZones: of }: PlaceCloud, around: AroundCloud): PlaceCloud['hostedZones'] {
  const { read, write } = callers(around, 'route53', 'hostedZones')
  return {
    create: (input) => write('create', () => of.create(input)),
    find: (domainName) => read('find', () => of.find(domainName)),
    read: (hostedZoneId) => read('read', () => of.read(hostedZoneId)),
    tag: (input) => write('tag', () => of.tag(input)),
    tagsOf: (hostedZoneId) => read('tagsOf', () => of.tagsOf(hostedZoneId)),
    changeRecords: (input) => write('changeRecords', () => of.changeRecords(input)),
    changeStatus: (changeId) => read('changeStatus', () => of.changeStatus(changeId)),
    records: (hostedZoneId) => read('records', () => of.records(hostedZoneId)),
    delete: (hostedZoneId) => write('delete', () => of.delete(hostedZoneId)),
  }
}

function aroundCertificates({ certificates: of }: PlaceCloud, around: AroundCloud): PlaceCloud['certificates'] {
  const { read, write } = callers(around, 'acm', 'certificates')
  return {
    request: (input) => write('request', () => of.request(input)),
    describe: (certificateArn) => read('describe', () => of.describe(certificateArn)),
    list: (domainName) => read('list', () => of.list(domainName)),
    tagsOf: (certificateArn) => read('tagsOf', () => of.tagsOf(certificateArn)),
    delete: (certificateArn) => write('delete', () => of.delete(certificateArn)),
  }
}

function aroundEmailIdentities(
  { emailIdentities: of }: PlaceCloud,
  around: AroundCloud,
): PlaceCloud['emailIdentities'] {
  const { read, write } = callers(around, 'ses', 'emailIdentities')
  return {
    create: (input) => write('create', () => of.create(input)),
    read: (emailIdentity) => read('read', () => of.read(emailIdentity)),
    setMailFrom: (input) => write('setMailFrom', () => of.setMailFrom(input)),
    stopFeedbackForwarding: (emailIdentity) =>
      write('stopFeedbackForwarding', () => of.stopFeedbackForwarding(emailIdentity)),
    rearmDkim: (emailIdentity) => write('rearmDkim', () => of.rearmDkim(emailIdentity)),
    delete: (emailIdentity) => write('delete', () => of.delete(emailIdentity)),
  }
}

function aroundSesTenants({ sesTenants: of }: PlaceCloud, around: AroundCloud): PlaceCloud['sesTenants'] {
  const { read, write } = callers(around, 'ses', 'sesTenants')
  return {
    create: (input) => write('create', () => of.create(input)),
    read: (tenantName) => read('read', () => of.read(tenantName)),
    associate: (input) => write('associate', () => of.associate(input)),
    associations: (tenantName) => read('associations', () => of.associations(tenantName)),
    dissociate: (input) => write('dissociate', () => of.dissociate(input)),
    setSendingStatus: (input) => write('setSendingStatus', () => of.setSendingStatus(input)),
    setReputationPolicy: (input) => write('setReputationPolicy', () => of.setReputationPolicy(input)),
    reputationPolicyOf: (tenantArn) => read('reputationPolicyOf', () => of.reputationPolicyOf(tenantArn)),
    delete: (tenantName) => write('delete', () => of.delete(tenantName)),
  }
}

function aroundSesAccount({ sesAccount: of }: PlaceCloud, around: AroundCloud): PlaceCloud['sesAccount'] {
  const { read, write } = callers(around, 'ses', 'sesAccount')
  return {
    read: () => read('read', () => of.read()),
    askForProduction: (input) => write('askForProduction', () => of.askForProduction(input)),
  }
}

function aroundStacks({ stacks: of }: PlaceCloud, around: AroundCloud): PlaceCloud['stacks'] {
  const { read, write } = callers(around, 'cloudformation', 'stacks')
  return {
    createChangeSet: (input) => write('createChangeSet', () => of.createChangeSet(input)),
    describeChangeSet: (input) => read('describeChangeSet', () => of.describeChangeSet(input)),
    executeChangeSet: (input) => write('executeChangeSet', () => of.executeChangeSet(input)),
    deleteChangeSet: (input) => write('deleteChangeSet', () => of.deleteChangeSet(input)),
    read: (stackNameOrId) => read('read', () => of.read(stackNameOrId)),
    events: (input) => read('events', () => of.events(input)),
    resources: (stackName) => read('resources', () => of.resources(stackName)),
    delete: (input) => write('delete', () => of.delete(input)),
    continueUpdateRollback: (input) => write('continueUpdateRollback', () => of.continueUpdateRollback(input)),
    detectDrift: (stackName) => write('detectDrift', () => of.detectDrift(stackName)),
    driftOf: (driftDetectionId) => read('driftOf', () => of.driftOf(driftDetectionId)),
  }
}

function aroundTenantFiles({ tenantFiles: of }: PlaceCloud, around: AroundCloud): PlaceCloud['tenantFiles'] {
  const { read, write } = callers(around, 's3', 'tenantFiles')
  return {
    put: (input) => write('put', () => of.put(input)),
    get: (place) => read('get', () => of.get(place)),
    list: (input) => read('list', () => of.list(input)),
  }
}

function aroundTenantData({ tenantData: of }: PlaceCloud, around: AroundCloud): PlaceCloud['tenantData'] {
  const tables = callers(around, 'dynamodb', 'tenantData')
  const buckets = callers(around, 's3', 'tenantData')
  return {
    tableStatus: (tableName) => tables.read('tableStatus', () => of.tableStatus(tableName)),
    unprotectTable: (tableName) => tables.write('unprotectTable', () => of.unprotectTable(tableName)),
    deleteTable: (tableName) => tables.write('deleteTable', () => of.deleteTable(tableName)),
    bucketIsThere: (bucketName) => buckets.read('bucketIsThere', () => of.bucketIsThere(bucketName)),
    emptyBucket: (bucketName) => buckets.write('emptyBucket', () => of.emptyBucket(bucketName)),
    deleteBucket: (bucketName) => buckets.write('deleteBucket', () => of.deleteBucket(bucketName)),
  }
}

function aroundCellRoutes({ cellRoutes: of }: PlaceCloud, around: AroundCloud): PlaceCloud['cellRoutes'] {
  const { read, write } = callers(around, 'dynamodb', 'cellRoutes')
  return {
    put: (input) => write('put', () => of.put(input)),
    read: (input) => read('read', () => of.read(input)),
    remove: (input) => write('remove', () => of.remove(input)),
  }
}

function aroundQuotas({ quotas: of }: PlaceCloud, around: AroundCloud): PlaceCloud['quotas'] {
  return {
    read(quotaName) {
      const service = QUOTA_SERVICES[quotaName]
      return callers(around, service, 'quotas').read('read', () => of.read(quotaName))
    },
  }
}

function aroundProbeMails({ probeMails: of }: PlaceCloud, around: AroundCloud): PlaceCloud['probeMails'] {
  const { write } = callers(around, 'ses', 'probeMails')
  return { send: (mail) => write('send', () => of.send(mail)) }
}

function aroundRoleRights({ roleRights: of }: PlaceCloud, around: AroundCloud): PlaceCloud['roleRights'] {
  const { read } = callers(around, 'iam', 'roleRights')
  return { allowed: (question) => read('allowed', () => of.allowed(question)) }
}

const QUOTA_SERVICES = {
  hosted_zones: 'route53',
  stacks: 'cloudformation',
  email_identities: 'ses',
  certificates: 'acm',
} as const
