/** Longest address of a page that is worth going back to. */
const PATH_MAX = 500
const BASE = 'http://own.invalid'

/**
 * A page of ours to go to after signing in: path and query as the browser will read them. Undefined for anything that names another host or
 * could be read so (`//evil`, `/\evil`, `/%2f%2fevil`, `/.//evil`), for other schemes, and for the way in and out itself.
 */
export function ownPath(asked: string | undefined): string | undefined {
  if (asked === undefined || asked.length > PATH_MAX || !/^\/[\x21-\x7e]*$/.test(asked)) return undefined
  const url = URL.parse(asked, BASE)
  if (url === null || url.origin !== BASE || url.username !== '') return undefined
  if (/^\/(?:[/\\]|%2f|%5c)/i.test(url.pathname) || /[\\]/.test(asked)) return undefined
  if (/^\/sign-(?:in|out)(?:\/|$)/.test(url.pathname)) return undefined
  return url.pathname + url.search
}

/** The sign-in, from where it goes on to a page of ours. */
export function signInPath(to: string | undefined): string {
  const path = ownPath(to)
  return path === undefined ? '/sign-in' : `/sign-in?${new URLSearchParams({ to: path })}`
}
