import * as z from 'zod'
import type { Ctx } from '../context.ts'
import { Membership, membershipKey, ownersKey } from './membership.ts'
import { type Organization, organizationName, organizationNamed, organizationPartition } from './organization.ts'
import { PersonFailure, personPartition } from './person.ts'

/** Organizations of one person: more is a fault, not a person. */
const MEMBERSHIPS_MAX = 100

const Pointer = z.object({ organizationName: z.string() })

/** Throws `person.not_found` for people of other organizations, whether they exist or not. */
export async function getMembership(ctx: Ctx, organization: Organization, personId: string): Promise<Membership> {
  const membership = await findMembership(ctx, organization, personId)
  if (membership === undefined) throw PersonFailure.not_found('There is no such person.')
  return membership
}

export async function findMembership(
  ctx: Ctx,
  organization: Organization,
  personId: string,
): Promise<Membership | undefined> {
  const row = await ctx.table.get(membershipKey(organization, personId))
  return row === undefined ? undefined : Membership.parse(row)
}

export async function countOwners(ctx: Ctx, organization: Organization): Promise<number> {
  const row = await ctx.table.get(ownersKey(organization))
  return row === undefined ? 0 : z.object({ owners: z.number() }).parse(row).owners
}

/** A page of an organization's people, invited ones among them. */
export async function listPeople(
  ctx: Ctx,
  query: { readonly organization: Organization; readonly limit: number; readonly after?: string },
): Promise<{ readonly people: readonly Membership[]; readonly next?: string }> {
  const page = await ctx.table.query({
    pk: organizationPartition(query.organization),
    sk: { beginsWith: 'person#' },
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return {
    people: page.items.map((item) => Membership.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}

/** Everything somebody belongs to or is invited to, the vendor's organization first. */
export async function membershipsOf(ctx: Ctx, personId: string): Promise<readonly Membership[]> {
  const page = await ctx.table.query({
    pk: personPartition(personId),
    sk: { beginsWith: 'membership#' },
    limit: MEMBERSHIPS_MAX,
  })
  const memberships = await Promise.all(
    page.items.map((item) => findMembership(ctx, organizationNamed(Pointer.parse(item).organizationName), personId)),
  )
  return memberships
    .filter((membership) => membership !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || a.invitedAt - b.invitedAt)
}

function rank(membership: Membership): number {
  return membership.organizationName === organizationName({ kind: 'vendor' }) ? 0 : 1
}
