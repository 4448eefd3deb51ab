import type { Authentication, Verdict } from '#shared/imip/authentication.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { organizerMail } from '../fixtures/organizer-mails.ts'
import { createMemoryPlatform } from '../harness/platform/memory-platform.ts'
import { createInProcessReader } from '../harness/tenant/in-process-reader.ts'
import { createTestTenant, queueDefinitions, type TestTenant } from '../harness/tenant/test-tenant.ts'

const ANA = 'ana.diaz@example.com'
const EVE = 'eve@evil.example.org'
const VERDICTS = ['PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED'] as const
const METHODS = ['create', 'update', 'cancel'] as const
/** Whose name the signature, and the envelope, are in. */
const SIGNERS = ['nobody', 'own', 'foreign'] as const
const ENVELOPES = ['own', 'foreign'] as const

type Shape = {
  readonly from: string
  readonly organizer: string
  readonly headers?: readonly string[]
  /** The one address that may act by such a mail when it is proven; none: nobody. */
  readonly acts?: string
}

/** How From, Sender, Reply-To and ORGANIZER stand to each other; only From counts. */
const SHAPES: Readonly<Record<string, Shape>> = {
  plain: { from: ANA, organizer: ANA, acts: ANA },
  foreign_organizer: { from: ANA, organizer: 'boss@other.example.net', acts: ANA },
  foreign_sender: { from: ANA, organizer: ANA, headers: [`Sender: ${EVE}`], acts: ANA },
  foreign_reply_to: { from: ANA, organizer: ANA, headers: [`Reply-To: ${EVE}`], acts: ANA },
  stranger: { from: EVE, organizer: ANA, acts: EVE },
  stranger_as_sender: { from: EVE, organizer: ANA, headers: [`Sender: ${ANA}`, `Reply-To: ${ANA}`], acts: EVE },
  two_from: { from: `${ANA}, ${EVE}`, organizer: ANA },
  unread: { from: 'noreply@example.com', organizer: ANA },
}

export type Combined = { readonly combinations: number; readonly acted: number; readonly outside: readonly string[] }

/** So many combinations one after the other in one tenant, each about a meeting of its own. */
const COMBINATIONS_A_TENANT = 200

/**
 * Every `every`-th combination of verdicts, signer, envelope, shape and method through the whole way in: acts only the sender whom the
 * receiver vouches for, and on nobody's event but his own. `planted` changes what the receiver is made to say.
 */
export async function tryCombinations(every: number, planted: Partial<Authentication> = {}): Promise<Combined> {
  const outside: string[] = []
  let [number, combinations, acted] = [0, 0, 0]
  let tenant: TestTenant | undefined
  for (const dmarc of VERDICTS)
    for (const spf of VERDICTS)
      for (const signer of SIGNERS)
        for (const envelope of ENVELOPES)
          for (const [name, shape] of Object.entries(SHAPES))
            for (const method of METHODS) {
              number += 1
              if (number % every !== 0) continue
              if (tenant === undefined || combinations % COMBINATIONS_A_TENANT === 0) {
                await tenant?.close()
                tenant = await openTenant()
              }
              combinations += 1
              const said = { dmarc, spf, signer, envelope }
              const may = isProven(said) && shape.acts !== undefined && (method === 'create' || shape.acts === ANA)
              const did = await actedOf(tenant, {
                said,
                shape,
                method,
                uid: `combination-${number}@example.com`,
                planted,
              })
              if (did) acted += 1
              if (did !== may)
                outside.push(`${JSON.stringify(said)} ${name} ${method}: ${did ? 'acted' : 'did nothing'}`)
            }
  await tenant?.close()
  return { combinations, acted, outside }
}

type Said = {
  readonly dmarc: Verdict
  readonly spf: Verdict
  readonly signer: (typeof SIGNERS)[number]
  readonly envelope: (typeof ENVELOPES)[number]
}

/** The table, written out once more: PASS stands alone, GRAY wants a signature or an envelope of From's own, all else proves nothing. */
function isProven({ dmarc, spf, signer, envelope }: Said): boolean {
  if (dmarc === 'GRAY') return signer === 'own' || (spf === 'PASS' && envelope === 'own')
  return dmarc === 'PASS'
}

type Combination = {
  readonly said: Said
  readonly shape: Shape
  readonly method: (typeof METHODS)[number]
  readonly uid: string
  readonly planted: Partial<Authentication>
}

/** Whether something came of the mail; what its outcome says is held against what is stored. */
async function actedOf(tenant: TestTenant, { said, shape, method, uid, planted }: Combination): Promise<boolean> {
  const created = method === 'create' ? undefined : await tenant.receive(organizerMail({ uid }), { from: ANA })
  const eventId = created?.eventIds[0]
  const own = shape.from.slice(shape.from.lastIndexOf('@') + 1)
  const envelopeFrom = `bounce@${said.envelope === 'own' ? own : 'other.example.net'}`
  const dkimDomains = { nobody: [], own: [own], foreign: ['other.example.net'] }[said.signer]
  const raw = organizerMail({
    uid,
    from: shape.from,
    method: method === 'cancel' ? 'CANCEL' : 'REQUEST',
    lines: ['SEQUENCE:1', 'DTSTART:20270306T090000Z', 'DURATION:PT1H'],
    headers: shape.headers ?? [],
  })
    .replace(/^ORGANIZER:.*$/m, `ORGANIZER:mailto:${shape.organizer}`)
    .replace(/^Message-ID: .*$/m, `Message-ID: <second.${uid}>`)
  const { dmarc, spf } = said
  const authentication = { dmarc, spf, dkim: 'GRAY', dkimDomains, envelopeFrom, ...planted } as const
  const outcome = await tenant.receive(raw, { from: envelopeFrom, authentication })
  const stored = await findEvent(tenant.ctx, eventId ?? outcome.eventIds[0] ?? 'evt_none')
  const isChanged = eventId === undefined ? stored !== undefined : stored?.sequence !== 0
  if (isChanged && stored?.organizerAddress !== shape.acts)
    throw new Error(`${uid} belongs to ${stored?.organizerAddress}`)
  if (isChanged !== (outcome.kind === 'acted')) throw new Error(`${uid}: ${outcome.kind} ${outcome.reason}`)
  return isChanged
}

async function openTenant(): Promise<TestTenant> {
  const platform = await createMemoryPlatform({ queueDefinitions: queueDefinitions(), isWithoutFiles: true })
  return createTestTenant({ platform, reader: createInProcessReader() })
}
