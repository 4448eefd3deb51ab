/** What the tenant template of this commit asks of the baseline it is stamped beside, and of whoever moves tenants to it. */
export const compatibility = {
  cellVersionMin: '1.0.0',
  /** The next major version of the baseline may take something away. */
  cellVersionMax: '1.999.999',
  isBreaking: false,
} as const
