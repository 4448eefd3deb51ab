/** Any 12 digits: the emulator takes an access key of that shape as the root of the account so numbered. */
export const TEST_ACCOUNT_ID = '000000000000'
export const TEST_REGION = 'eu-central-1'

/** Points every SDK client made afterwards in this process at the emulator, the way a function's environment does. */
export function pointSdkAt(endpoint: string, overrides: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, {
    AWS_REGION: TEST_REGION,
    AWS_ACCESS_KEY_ID: TEST_ACCOUNT_ID,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    ...overrides,
  })
}
