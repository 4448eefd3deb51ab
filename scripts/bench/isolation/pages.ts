import type { Operation } from './described.ts'
import { EXPECTED } from './operations.ts'

/**
 * Pages of the account, by the operation whose guards each asks: the API's description does not know them. The way back from the checkout is
 * not among them, since it refuses nobody; its own tests compare what it says byte by byte.
 */
export const PAGES: readonly Operation[] = [
  page('listLicences', 'GET', '/licences'),
  page('getLicence', 'GET', '/licences/{licenceId}'),
  page('listInvoices', 'GET', '/licences/{licenceId}/invoices'),
  page('openCheckout', 'POST', '/licences/{licenceId}/pay'),
  page('openPortal', 'POST', '/licences/{licenceId}/portal'),
  page('cancelLicence', 'POST', '/licences/{licenceId}/cancel'),
  page('undoCancel', 'POST', '/licences/{licenceId}/undo-cancel'),
  page('checkNow', 'POST', '/licences/{licenceId}/check-now'),
  page('retryRun', 'POST', '/licences/{licenceId}/retry'),
  page('listPasskeys', 'GET', '/passkeys'),
  page('renamePasskey', 'POST', '/passkeys/{passkeyId}/rename'),
  page('removePasskey', 'POST', '/passkeys/{passkeyId}/remove'),
  page('listContests', 'GET', '/contests'),
  ownOnly(page('keepContest', 'POST', '/contests/{domainName}/keep')),
  ownOnly(page('checkProof', 'POST', '/contests/{domainName}/check')),
]

function page(operationId: string, method: string, path: string): Operation {
  const expected = EXPECTED[operationId]
  if (expected === undefined) throw new Error(`the isolation bench expects nothing of ${operationId} yet`)
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return { operationId, method, path, parameters, takesBody: false, isList: false, expected, isPage: true }
}

/** Asks for whoever presses and for nobody else, so that a wider scope shows him nothing more. */
function ownOnly(operation: Operation): Operation {
  return { ...operation, expected: { ...operation.expected, isOwned: false } }
}
