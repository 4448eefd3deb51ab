import { expect, it } from 'vitest'
import { senderStackName } from './sender-stack-name.ts'

it.each([
  ['AROAJ3ZGMT746QFJO6ZL4:convoke-01jd0000000000000000000000-sweeps', 'convoke-01jd0000000000000000000000'],
  // Another function of the stack tells nothing.
  ['AROAJ3ZGMT746QFJO6ZL4:convoke-01jd0000000000000000000000-inlet', ''],
  ['AROAJ3ZGMT746QFJO6ZL4:-sweeps', ''],
  ['AROAJ3ZGMT746QFJO6ZL4:sweeps', ''],
  // A user's id, an account's, and nothing at all.
  ['AIDAIT2UOQQY3AUEKVGXU', ''],
  ['AIDAIT2UOQQY3AUEKVGXU:convoke-one-sweeps', ''],
  ['222222222222', ''],
  ['AROAJ3ZGMT746QFJO6ZL4:convoke-one-sweeps:more', ''],
  ['x AROAJ3ZGMT746QFJO6ZL4:convoke-one-sweeps', ''],
  ['', ''],
])('%j is of the stack %j', (senderId, stackName) => {
  expect(senderStackName(senderId)).toBe(stackName)
})
