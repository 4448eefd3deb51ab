import type { Figure, RunGroup } from '../../figures/figure.ts'
import { createRateWorld, type SentMail } from './rate-world.ts'

const RATES = [14, 200, 1000]
const TENANTS = 20
const ALONE_SECONDS = 120
const TOGETHER_SECONDS = 180
const WARM_SECONDS = 10
const WINDOW_SECONDS = 60
const SINGLES = 200
const LIST = 1_000_000
/** For whoever is in the middle of a mail at the end. */
const AFTER_MILLISECONDS = 60_000

type Measured = { readonly aligned: number; readonly sliding: number }

/** The rate of one account on the virtual clock, at SES's first rate and two raised ones: one tenant, twenty that are hungry, and single mails behind a list. */
export const rateFigures: RunGroup = async () => {
  const overruns: Measured[] = []
  const times: number[] = []
  const waits: number[] = []
  const shares: number[] = []
  for (const perSecond of RATES) {
    const alone = await oneTenant(perSecond)
    const together = await manyTenants(perSecond)
    const behind = await singlesBehindList(perSecond)
    overruns.push(alone.overrun, together.overrun, behind.overrun)
    times.push(alone.timeVsIdeal)
    shares.push(together.shareError)
    waits.push(behind.p99)
  }
  const figure = (name: string, value: number, unit: string): Figure => ({ group: 'rate', name, value, unit })
  return [
    figure('overrun_aligned_s', Math.max(...overruns.map(({ aligned }) => aligned)), 'seconds'),
    figure('overrun_sliding_pct', Math.max(...overruns.map(({ sliding }) => sliding)), 'pct'),
    figure('time_vs_ideal', Math.max(...times), 'x'),
    figure('single_p99_s', Math.max(...waits), 's'),
    figure('share_error_pct', Math.max(...shares), 'pct'),
  ]
}

async function oneTenant(perSecond: number) {
  const world = createRateWorld(perSecond)
  const mails = perSecond * ALONE_SECONDS
  const until = world.start + 10 * ALONE_SECONDS * 1000
  const done = world.backlog('ten_one', { mails, workers: world.workers(1), until })
  await world.time.run(until + AFTER_MILLISECONDS)
  await done
  await world.close()
  const seconds = ((world.sent.at(-1)?.at ?? 0) - world.start) / 1000
  say(perSecond, 'one', world, `${world.sent.length} mails in ${seconds.toFixed(1)} s`)
  if (world.sent.length !== mails) throw new Error(`${world.sent.length} of ${mails} mails were sent`)
  return { overrun: overrunOf(world.sent, world.start, perSecond), timeVsIdeal: seconds / ALONE_SECONDS }
}

async function manyTenants(perSecond: number) {
  const world = createRateWorld(perSecond)
  const until = world.start + TOGETHER_SECONDS * 1000
  const owners = Array.from({ length: TENANTS }, (_, at) => `ten_${String(at).padStart(2, '0')}`)
  const done = owners.map((owner) =>
    world.backlog(owner, { mails: Number.MAX_SAFE_INTEGER, workers: world.workers(1 / TENANTS), until }),
  )
  await world.time.run(until + AFTER_MILLISECONDS)
  await Promise.all(done)
  await world.close()
  const used = world.sent.length / (perSecond * TOGETHER_SECONDS)
  const shareError = largestDeviation(world.sent, owners, world.start)
  say(
    perSecond,
    'twenty',
    world,
    `${(100 * used).toFixed(1)} % of the rate used, share off by ${shareError.toFixed(2)} %`,
  )
  return { overrun: overrunOf(world.sent, world.start, perSecond), shareError }
}

async function singlesBehindList(perSecond: number) {
  const world = createRateWorld(perSecond)
  const until = world.start + (SINGLES + 2) * 1000
  const list = world.backlog('ten_list', { mails: LIST, workers: world.workers(1), until })
  const waits: number[] = []
  const singles = Array.from({ length: SINGLES }, async (_, at) => {
    // Spread over every phase of a second, by the golden ratio.
    const askedAt = world.start + 1000 * (at + 1 + ((at * 0.618034) % 1))
    await world.time.waitUntil(askedAt)
    await world.paceOf('ten_other').turn({ kind: 'single', wanted: 1, until })
    world.sent.push({ owner: 'ten_other', at: world.time.now() })
    waits.push((world.time.now() - askedAt) / 1000)
  })
  await world.time.run(until + AFTER_MILLISECONDS)
  await Promise.all([list, ...singles])
  await world.close()
  const sorted = waits.toSorted((a, b) => a - b)
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY
  say(perSecond, 'singles', world, `p99 ${p99.toFixed(3)} s, ${world.sent.length} mails`)
  return { overrun: overrunOf(world.sent, world.start, perSecond), p99 }
}

function say(perSecond: number, what: string, world: ReturnType<typeof createRateWorld>, text: string): void {
  const calls = (world.calls() / world.sent.length).toFixed(3)
  process.stderr.write(`rate ${perSecond}/s ${what}: ${text}, ${calls} table calls a mail\n`)
}

/** Clock seconds above the rate, and the worst of all windows of one second, in per cent above it. */
function overrunOf(sent: readonly SentMail[], start: number, perSecond: number): Measured {
  const at = sent.map((mail) => mail.at - start).toSorted((a, b) => a - b)
  const bySecond = new Map<number, number>()
  for (const moment of at) {
    const second = Math.floor(moment / 1000)
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1)
  }
  let most = 0
  let first = 0
  for (const [index, moment] of at.entries()) {
    // Moments that are a second apart are not within one; they are fractions that are not written exactly.
    while ((at[first] ?? 0) <= moment - 1000 + 0.01) first += 1
    most = Math.max(most, index - first + 1)
  }
  const aligned = [...bySecond.values()].filter((count) => count > perSecond).length
  return { aligned, sliding: Math.max(0, (100 * (most - perSecond)) / perSecond) }
}

/** Largest deviation of a tenant's mails from the even share, over any minute, in per cent of that share. */
function largestDeviation(sent: readonly SentMail[], owners: readonly string[], start: number): number {
  let largest = 0
  const last = TOGETHER_SECONDS - WINDOW_SECONDS
  for (let from = WARM_SECONDS; from <= last; from += 1) {
    const begin = start + from * 1000
    const within = sent.filter(({ at }) => at >= begin && at < begin + WINDOW_SECONDS * 1000)
    const share = within.length / owners.length
    const counts = new Map(owners.map((owner) => [owner, 0]))
    for (const { owner } of within) counts.set(owner, (counts.get(owner) ?? 0) + 1)
    for (const count of counts.values()) largest = Math.max(largest, (100 * Math.abs(count - share)) / share)
  }
  return largest
}
