import { join } from 'node:path'
import { type OpenStripeDouble, openStripeDouble } from '#control-plane/billing/embedded/open-stripe-double.ts'
import { type LocalZone, openLocalZone } from '#control-plane/dns/embedded/local-zone.ts'
import { type ControlStores, controlFolder, type WiredControl, wireControl } from '#control-plane/wire.ts'
import type { Environment } from '#shared/contracts/environment.ts'
import { type HttpDoor, openHttpDoor } from '#shared/runtime/http-door.ts'
import { type Opened, openAtPort } from '#shared/runtime/open-ports.ts'
import { localBaseline } from './local-estate.ts'
import { keptSecret, newSigningKey } from './secret-files.ts'
import type { ControlReady } from './told.ts'

const STRIPE_TICK_MS = 500

export type ChosenPorts = {
  readonly isHttpChosen: boolean
  readonly isStripeChosen: boolean
  readonly isDnsChosen: boolean
}

export type Doors = {
  readonly kind: 'opened'
  readonly http: HttpDoor
  readonly stripe: OpenStripeDouble
  readonly zone: LocalZone
  readonly wired: WiredControl
  readonly baseUrl: string
  readonly sessionSecret: string
  readonly moved: ControlReady['moved']
}

/** Opens HTTP first, because links name it, then the stand-ins for Stripe and for the world's DNS; closes all when one is refused. */
export async function openDoors(
  environment: Environment,
  stores: ControlStores,
  chosen: ChosenPorts,
): Promise<Doors | { readonly kind: 'refused'; readonly message: string }> {
  const { control } = environment
  const secrets = await secretsOf(controlFolder(environment))
  const opened: { close(): Promise<void> }[] = []
  async function at<T extends { readonly port: number; close(): Promise<void> }>(
    wanted: { readonly setting: string; readonly port: number; readonly isChosen: boolean },
    open: (port: number) => Promise<T>,
  ): Promise<Opened<T>> {
    const door = await openAtPort(wanted, open)
    if (door.kind === 'opened') opened.push(door.door)
    else await Promise.all(opened.map((one) => one.close()))
    return door
  }
  const http = await at(
    { setting: 'CONVOKE_CONTROL_PORT', port: control.httpPort, isChosen: chosen.isHttpChosen },
    (port) => openHttpDoor('127.0.0.1', port),
  )
  if (http.kind === 'refused') return http
  const stripe = await at(
    { setting: 'CONVOKE_STRIPE_PORT', port: control.stripePort, isChosen: chosen.isStripeChosen },
    (port) => openStripeDouble({ ...stores, table: stores.tables.stripe, port, tickMs: STRIPE_TICK_MS }),
  )
  if (stripe.kind === 'refused') return stripe
  // The zones come from the cloud, which looks into the zones: each asks the other only once both are there.
  let wired: WiredControl | undefined
  const zonesOf = async () => (await wired?.world.servedZones()) ?? []
  const zone = await at(
    { setting: 'CONVOKE_DNS_PORT', port: control.dnsPort, isChosen: chosen.isDnsChosen },
    async (port) => {
      const localZone = await openLocalZone({ table: stores.tables.dns, zonesOf, log: stores.log, port })
      return { ...localZone, port: localZone.resolver.port }
    },
  )
  if (zone.kind === 'refused') return zone
  const baseUrl = `http://localhost:${http.door.port}`
  wired = wireControl(environment, stores, {
    baseUrl,
    stripe: { port: stripe.door.port, secretKey: secrets.stripeKey, webhookSecret: secrets.webhook },
    resolver: zone.door.resolver,
    addressOf: (serverName) => zone.door.addressOf(serverName),
    licenceKeyPem: secrets.licenceKey,
    handOverKeyPem: secrets.handOverKey,
    estate: {
      environment: 'dev',
      rootParentId: 'r-root',
      dedicatedParentId: 'ou-dedicated',
      accountEmailOf: (token) => `aws+${token}@${environment.domainName}`,
      accountBaseline: localBaseline,
      warmAccounts: 0,
      retentionDays: 30,
      mailUse: {
        websiteUrl: baseUrl,
        useCase: 'Calendar invites that people asked for.',
        contactEmail: control.vendorEmail,
      },
    },
  })
  stripe.door.setWebhook({ url: `http://127.0.0.1:${http.door.port}/webhooks/stripe`, secret: secrets.webhook })
  return {
    kind: 'opened',
    http: http.door,
    stripe: stripe.door,
    zone: zone.door,
    wired,
    baseUrl,
    sessionSecret: secrets.session,
    moved: [
      ...movedFrom('the control plane', 'CONVOKE_CONTROL_PORT', http),
      ...movedFrom('Stripe’s stand-in', 'CONVOKE_STRIPE_PORT', stripe),
      ...movedFrom('the name server', 'CONVOKE_DNS_PORT', zone),
    ],
  }
}

function movedFrom(
  what: string,
  setting: string,
  opened: Extract<Opened<{ readonly port: number }>, { readonly kind: 'opened' }>,
): ControlReady['moved'] {
  return opened.movedFrom === undefined ? [] : [{ what, setting, from: opened.movedFrom, to: opened.door.port }]
}

async function secretsOf(folder: string) {
  const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')
  const [licenceKey, handOverKey, webhook, session, stripeKey] = await Promise.all([
    keptSecret(join(folder, 'licence-key.pem'), newSigningKey),
    keptSecret(join(folder, 'handover-key.pem'), newSigningKey),
    keptSecret(join(folder, 'stripe-webhook-secret.txt'), () => `whsec_${random()}`),
    keptSecret(join(folder, 'session-secret.txt'), random),
    keptSecret(join(folder, 'stripe-key.txt'), () => `sk_test_${random()}`),
  ])
  return {
    licenceKey: licenceKey.secret,
    handOverKey: handOverKey.secret,
    webhook: webhook.secret,
    session: session.secret,
    stripeKey: stripeKey.secret,
  }
}
