import { expect, it } from 'vitest'
import { type Cell, cellsFor } from './cell.ts'

const cell = (cellId: string, more: Partial<Cell> = {}): Cell => ({
  cellId,
  name: cellId,
  awsAccountId: '111111111111',
  region: 'eu-west-1',
  cap: 10,
  used: 5,
  isOpen: true,
  isCanary: false,
  cellVersion: '1.0.0',
  operatingRoleArn: '',
  executionRoleArn: '',
  tenantBoundaryArn: '',
  routerRoleArn: '',
  cellTableName: '',
  releaseBucket: '',
  createdAt: 0,
  version: 1,
  ...more,
})
const cells = [
  cell('half'),
  cell('fuller', { used: 9 }),
  cell('full', { used: 10 }),
  cell('shut', { isOpen: false }),
  cell('elsewhere', { region: 'us-east-1' }),
  cell('canary', { isCanary: true, used: 0 }),
]
const namesFor = (isOwn: boolean) => cellsFor(cells, { region: 'eu-west-1', isOwn }).map(({ name }) => name)

it('fills the fullest cell that has room, and no canary with other people’s domains', () => {
  expect(namesFor(false)).toEqual(['fuller', 'half'])
})

it('puts the vendor’s own first where a baseline goes before all others', () => {
  expect(namesFor(true)).toEqual(['canary', 'fuller', 'half'])
})
