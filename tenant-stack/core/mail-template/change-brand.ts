import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { Brand, BrandFailure, brandKey, SHIPPED_BRAND } from './brand.ts'
import { ACCENT_CONTRAST_LEAST, contrast } from './contrast.ts'
import { forgetBrand, readBrand } from './read-brand.ts'

/** Behind every mail: the card is white where the reader does not ask for dark. */
const CARD = '#ffffff'

/**
 * Replaces the brand; what is not said is as shipped. Said again it changes nothing. `ifVersion`: the version that it was made from,
 * undefined: any. Throws `brand.low_contrast`, `brand.changed_meanwhile`.
 */
export async function changeBrand(
  ctx: Ctx,
  { ifVersion, ...wanted }: Partial<Omit<Brand, 'version'>> & { readonly ifVersion?: number | undefined },
): Promise<Brand> {
  const before = await readBrand(ctx)
  if (ifVersion !== undefined && ifVersion !== before.version) throw changedMeanwhile()
  const said = { ...SHIPPED_BRAND, ...wanted, version: before.version }
  if (contrast(said.accentColour, CARD) < ACCENT_CONTRAST_LEAST)
    throw BrandFailure.low_contrast(
      `The accent ${said.accentColour} is too pale: buttons need ${ACCENT_CONTRAST_LEAST} to 1 against white.`,
    )
  if (isSame(before, said)) return before
  const after = { ...said, version: before.version + 1 }
  try {
    await ctx.table.write({
      kind: 'put',
      item: { ...brandKey, ...after },
      when: before.version === 0 ? { row: 'absent' } : { attribute: 'version', is: '=', value: before.version },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) throw changedMeanwhile()
    throw error
  }
  forgetBrand(ctx)
  return after
}

function changedMeanwhile() {
  return BrandFailure.changed_meanwhile('The brand has changed meanwhile; read it again.')
}

function isSame(one: Brand, other: Brand): boolean {
  return Brand.keyof().options.every((name) => one[name] === other[name])
}
