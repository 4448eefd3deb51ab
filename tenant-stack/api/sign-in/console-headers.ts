import { PAGE_HEADERS } from '#tenant-stack/pages/page.ts'

/** As of every page; but a form must say its origin, which under `no-referrer` a browser hides even from the page's own host (Fetch §3.2). */
export const CONSOLE_HEADERS = { ...PAGE_HEADERS, 'referrer-policy': 'same-origin' } as const
