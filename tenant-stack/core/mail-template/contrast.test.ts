import { expect, it } from 'vitest'
import { contrast, textColourOn } from './contrast.ts'

it('knows the ratios that WCAG names', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#ffffff', '#ffffff')).toBe(1)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'))
})

it('chooses a text that can be read on whatever colour', () => {
  expect(textColourOn('#1d4ed8')).toBe('#ffffff')
  expect(textColourOn('#ffcc00')).toBe('#000000')
  const steps = ['00', '33', '66', '99', 'cc', 'ff']
  const colours = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)))
  expect(colours.filter((colour) => contrast(colour, textColourOn(colour)) < 4.5)).toEqual([])
})
