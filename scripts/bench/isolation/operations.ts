/** What the bench expects of an operation, written by hand: the API's own table is what is tested. */
export type Expected = {
  /** A licensee's roles that may do it. */
  readonly roles: readonly string[]
  /** It touches rows of a licensee, so that what it sees must be bound to whoever asks. */
  readonly isOwned: boolean
  /** Allowed to whoever looks through another's eyes, though it is no GET. */
  readonly isAboutOneself?: true
  /** A body that fits, where one is wanted. */
  readonly body?: Readonly<Record<string, unknown>>
}

const all = ['owner', 'admin', 'billing', 'viewer']
const managers = ['owner', 'admin']
const payers = ['owner', 'billing']
const reason = { reason: 'of the bench' }

const mine = (roles: readonly string[], body?: Expected['body']): Expected => ({
  roles,
  isOwned: true,
  ...(body === undefined ? {} : { body }),
})
const vendors = (body?: Expected['body']): Expected => ({
  roles: [],
  isOwned: false,
  ...(body === undefined ? {} : { body }),
})
const oneself = (body?: Expected['body']): Expected => ({
  roles: all,
  isOwned: false,
  isAboutOneself: true,
  ...(body === undefined ? {} : { body }),
})

/** By operationId; the bench fails when the OpenAPI document has others. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  getMe: { roles: all, isOwned: false },
  actFor: oneself({ licensee_id: 'lcs_nobody' }),
  listSessions: { roles: all, isOwned: false },
  endSession: oneself(),
  endImpersonation: oneself(),
  listPasskeys: { roles: all, isOwned: false },
  renamePasskey: oneself({ name: 'Bench' }),
  removePasskey: oneself(),
  resetPasskeys: vendors(reason),
  listPeople: mine(all),
  invitePerson: mine(['owner'], { email: 'new@example.com', name: 'New', role: 'viewer' }),
  changeRole: mine(['owner'], { role: 'viewer' }),
  removePerson: mine(['owner']),
  listKeys: mine(managers),
  mintKey: mine(managers, { label: 'bench', role: 'viewer' }),
  rotateKey: mine(managers),
  revokeKey: mine(managers),
  listLicensees: vendors(),
  createLicensee: vendors({ name: 'New', billing_email: 'new@example.com' }),
  getLicensee: mine(all),
  updateLicensee: mine(payers, { billing_email: 'pay@example.com' }),
  listInvoices: mine(all),
  openPortal: mine(payers),
  listLicences: mine(all),
  getLicence: mine(all),
  getLicenceFile: mine(all),
  openCheckout: mine(payers),
  cancelLicence: mine(payers),
  undoCancel: mine(payers),
  refundLicence: mine(payers, reason),
  grantComplimentary: vendors(reason),
  invoiceLicence: vendors({}),
  changeTerms: vendors({ reason: 'bench', limits: { sendsPerDay: 5 } }),
  holdLicence: vendors(reason),
  liftHold: vendors(reason),
  holdLegally: vendors(reason),
  liftLegalHold: vendors(reason),
  registerTenant: mine(managers, { domain_name: 'bench.example.com' }),
  listTenants: mine(all),
  getTenant: mine(all),
  getRun: mine(all),
  listRuns: mine(all),
  getOneRun: mine(all),
  checkNow: mine(managers),
  retryRun: mine(managers),
  retireTenant: mine(['owner'], reason),
  getDomain: mine(all),
  handOver: mine(['owner', 'admin', 'viewer']),
  askProof: mine(managers, { domain_name: 'proof.example.com' }),
  listProofs: mine(all),
  checkProof: mine(managers),
  listContests: mine(all),
  keepContest: mine(managers),
  linkAccount: mine(managers, {
    aws_account_id: '111122223333',
    operating_role_arn: 'arn:aws:iam::111122223333:role/operator',
  }),
  askForExport: mine(managers),
  getExport: mine(managers),
  listRefunds: vendors(),
  retryRefund: vendors(),
  settleRefund: vendors(reason),
  listCells: vendors(),
  registerCell: vendors({}),
  changeCell: vendors({ is_open: false }),
  listReleases: vendors(),
  registerRelease: vendors({}),
  openRing: vendors({ ring: 0 }),
  withdrawRelease: vendors(reason),
  desireRelease: vendors({ release_version: '1.0.0' }),
  pinTenant: vendors({ until: '2030-01-01T00:00:00Z' }),
  startImpersonation: vendors({ licensee_id: 'lcs_nobody', reason: 'bench', ticket: 'B-1' }),
  listAudit: mine(all),
  exportAudit: mine(all),
}
