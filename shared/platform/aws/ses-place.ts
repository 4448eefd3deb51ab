/** Where SES is. */
export type SesPlace = { readonly region: string; readonly endpoint?: string }

/** As the SDK's environment variables have it: `AWS_REGION`, and where it stands elsewhere `AWS_ENDPOINT_URL_SESV2` or `AWS_ENDPOINT_URL`. */
export function sesPlaceOf(env: Readonly<Record<string, string | undefined>>): SesPlace {
  const endpoint = env.AWS_ENDPOINT_URL_SESV2 ?? env.AWS_ENDPOINT_URL
  return { region: env.AWS_REGION ?? '', ...(endpoint === undefined ? {} : { endpoint }) }
}
