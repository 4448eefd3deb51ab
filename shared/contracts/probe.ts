/**
 * A mail that the control plane sends to the tenant's own domain, and the mark that the tenant's stack leaves of it in its bucket: the proof that
 * mail goes out, comes in, and is taken up by the stack's first pipeline. The engine reads the mark; nobody tells the control plane of it, so
 * that a stranger who writes to such an address reaches nothing but a small object that expires.
 */

/** Objects below it are marks of received probes, each named by its token; they are kept a day. */
export const PROBE_PREFIX = 'probes/'
/** Local parts that begin so are probes'. */
export const PROBE_LOCAL_PART = 'probe-'

/** 128 bits in lower-case base32, as `Ids.newToken` gives them. */
export const PROBE_TOKEN = /^[0-9a-z]{26}$/

/** Address of the domain that takes the probe with this token. */
export function probeAddress(token: string, domainName: string): string {
  return `${PROBE_LOCAL_PART}${token}@${domainName}`
}

/** Key of the mark, in the tenant's bucket. */
export function probeKey(token: string): string {
  return `${PROBE_PREFIX}${token}`
}
