import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { mockClient } from 'aws-sdk-client-mock'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock as clock } from '#shared/platform/node/system-clock.ts'
import { assumedCredentials } from './assumed-credentials.ts'
import { createAwsCloud } from './aws-cloud.ts'
import { type ClientInput, createPlaceClients } from './place-clients.ts'

const roleArn = 'arn:aws:iam::111111111111:role/baseline/operating'
const place = { awsAccountId: '111111111111', region: 'eu-central-1', roleArn }

describe('places', () => {
  function cloudWithMade() {
    const made: ClientInput[] = []
    const cloud = createAwsCloud({
      clock,
      home: { region: 'eu-west-1' },
      makeClients(input) {
        made.push(input)
        return createPlaceClients(input)
      },
    })
    return { cloud, made }
  }

  it('clients of a place are made once, and again for another region, role or secret', () => {
    const { cloud, made } = cloudWithMade()
    expect(cloud.at(place)).toBe(cloud.at({ ...place }))
    const others = [
      { ...place, region: 'us-east-1' },
      { ...place, roleArn: `${roleArn}-2` },
      { ...place, externalId: 'a' },
      { ...place, externalId: 'b' },
    ]
    for (const other of others) expect(cloud.at(other)).not.toBe(cloud.at(place))
    expect(made.map(({ region }) => region)).toEqual([
      'eu-west-1',
      'eu-central-1',
      'us-east-1',
      'eu-central-1',
      'eu-central-1',
      'eu-central-1',
    ])
  })

  it('a place without a role has the credentials of the environment', () => {
    const { cloud, made } = cloudWithMade()
    cloud.at({ awsAccountId: '111111111111', region: 'eu-central-1' })
    expect(made.at(-1)?.credentials).toBeUndefined()
    cloud.at(place)
    expect(made.at(-1)?.credentials).toBeDefined()
  })
})

describe('taking a role on', () => {
  const sts = mockClient(STSClient)
  const client = new STSClient({ region: 'eu-central-1' })
  afterEach(() => sts.reset())
  const expiration = new Date(3_000_000)
  const answer = {
    Credentials: { AccessKeyId: 'a', SecretAccessKey: 'b', SessionToken: 'c', Expiration: expiration },
  }

  it('asks with the secret of the tenant alone, and hands on when the session ends', async () => {
    sts.resolves(answer)
    const take = assumedCredentials({ sts: client, roleArn, externalId: 'secret', sessionName: 'convoke-engine' })
    expect(await take()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration })
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toEqual({
      RoleArn: roleArn,
      RoleSessionName: 'convoke-engine',
      DurationSeconds: 3600,
      ExternalId: 'secret',
    })
  })

  it('without a secret none is sent', async () => {
    sts.resolves(answer)
    await assumedCredentials({ sts: client, roleArn, sessionName: 's' })()
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).not.toHaveProperty('ExternalId')
  })

  for (const [name, code] of [
    ['AccessDenied', 'denied'],
    ['RegionDisabledException', 'denied'],
    ['Throttling', 'throttled'],
    ['TimeoutError', 'unavailable'],
  ] as const)
    it(`${name} is ${code}, also of the call that needed the role`, async () => {
      const more = name === 'TimeoutError' ? {} : { $metadata: { httpStatusCode: 403 } }
      sts.rejects(Object.assign(new Error(name), { name, ...more }))
      const own = createAwsCloud({ clock, home: { region: 'eu-central-1' } })
      await expect(own.at(place).hostedZones.read('Z')).rejects.toMatchObject({ code: `cloud.${code}` })
    })

  it('an answer without credentials is none', async () => {
    sts.resolves({})
    const take = assumedCredentials({ sts: client, roleArn, sessionName: 's' })
    await expect(take()).rejects.toMatchObject({ code: 'cloud.unavailable' })
  })
})
