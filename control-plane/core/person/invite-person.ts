import { isFailure } from '#shared/errors/failure.ts'
import { limitRate, type RateLimit } from '#shared/rates/limit-rate.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type PlannedMail, planControlMails } from '../control-mail/plan-control-mail.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import { type Membership, membershipWrites } from './membership.ts'
import { findMembership } from './membership-store.ts'
import { fits, type Organization, organizationName, type Role } from './organization.ts'
import { normalEmail, type Person, PersonFailure } from './person.ts'
import { findPersonByEmail, newPersonWrites } from './person-store.ts'

/** Long enough for a holiday, short enough that a forgotten invitation is not a way in for years. */
const INVITED_MS = 14 * 24 * 3_600_000
/** Mails of one organization: a whole department in a day, and no list of strangers. */
const BY_ORGANIZATION: RateLimit = { name: 'invite', max: 100, windowSeconds: 24 * 3600 }
/** To one address, which may be taken out and invited again because of a typing error. */
const BY_ADDRESS: RateLimit = { name: 'invite-address', max: 5, windowSeconds: 24 * 3600 }

type Invitation = {
  readonly organization: Organization
  readonly email: string
  readonly name: string
  readonly role: Role
}

/**
 * Invites somebody into an organization; he accepts when he has signed in with that address. Throws `person.member_already`,
 * `rate.too_many`.
 */
export async function invitePerson(ctx: Ctx, invitation: Invitation): Promise<Membership> {
  return addMembership(ctx, invitation, 'invited')
}

/** Makes somebody a member without asking: the vendor's first admin, by the command line. Throws `person.member_already`. */
export async function addMember(ctx: Ctx, invitation: Invitation): Promise<Membership> {
  return addMembership(ctx, invitation, 'active')
}

async function addMembership(ctx: Ctx, input: Invitation, state: Membership['state']): Promise<Membership> {
  const { organization, role } = input
  if (!fits(role, organization)) throw PersonFailure.wrong_role(`Nobody here can be ${role}.`)
  const now = ctx.clock.now()
  const known = await findPersonByEmail(ctx, input.email)
  const person = known ?? newPerson(ctx, input)
  const before = known === undefined ? undefined : await findMembership(ctx, organization, person.personId)
  if (before !== undefined && (before.state === 'active' || before.invitedUntil > now))
    throw PersonFailure.member_already('This person is a member already, or invited.')
  if (state === 'invited') await limitInvitations(ctx, organization, person.email)
  const membership: Membership = {
    personId: person.personId,
    organizationName: organizationName(organization),
    role,
    state,
    email: person.email,
    name: person.name,
    invitedAt: now,
    invitedUntil: now + INVITED_MS,
    ...(state === 'active' ? { joinedAt: now } : {}),
    version: (before?.version ?? 0) + 1,
  }
  const mails = await planControlMails(
    ctx,
    state === 'invited' ? [await invitationMail(ctx, organization, membership)] : [],
  )
  await write(ctx, {
    operations: [
      ...(known === undefined ? newPersonWrites(person) : []),
      ...membershipWrites(before, membership),
      ...mails.operations,
    ],
    notices: mails.notices,
    audit: {
      action: state === 'active' ? 'person.added' : 'person.invited',
      target: { kind: 'person', id: person.personId },
      ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
      after: membership,
    },
  })
  return membership
}

async function limitInvitations(ctx: Ctx, organization: Organization, email: string): Promise<void> {
  const name = organizationName(organization)
  await limitRate(ctx, BY_ADDRESS, `${name} ${email}`)
  await limitRate(ctx, BY_ORGANIZATION, name)
}

async function invitationMail(ctx: Ctx, organization: Organization, membership: Membership): Promise<PlannedMail> {
  const { publicUrl, vendorName } = ctx.settings
  const { personId, email, invitedAt, role } = membership
  const title = organization.kind === 'vendor' ? vendorName : (await getLicensee(ctx, organization.licenseeId)).name
  return {
    mailKey: `invitation:${membership.organizationName}:${personId}:${invitedAt}`,
    to: email,
    parts: {
      subject: `${title} invites you to ${vendorName}`,
      paragraphs: [
        `You are invited to act for ${title} as ${role}.`,
        'Sign in with this address to accept, within two weeks.',
      ],
      links: [['Sign in', `${publicUrl}/sign-in`]],
      footer: `If you do not know ${title}, do nothing. ${vendorName}`,
    },
  }
}

function newPerson(ctx: Ctx, { email, name }: Invitation): Person {
  return {
    personId: ctx.ids.newId('usr'),
    email: normalEmail(email),
    name,
    createdAt: ctx.clock.now(),
    version: 1,
  }
}

async function write(ctx: Ctx, change: Parameters<typeof commit>[1]): Promise<void> {
  try {
    await commit(ctx, change)
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw PersonFailure.changed_meanwhile('Somebody else has just changed this person.')
    throw error
  }
}
