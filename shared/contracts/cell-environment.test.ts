import { describe, expect, it } from 'vitest'
import { parseCellEnvironment } from './cell-environment.ts'

const right = {
  CONVOKE_CELL_TABLE: 'convoke-cell-table',
  CONVOKE_CELL_INLET_BUCKET: 'convoke-cell-inlet-123456789012-eu-west-1',
  CONVOKE_CELL_QUEUE_URL_PREFIX: 'https://sqs.eu-west-1.amazonaws.com/123456789012/convoke-cell-',
}

describe('environment of the cell', () => {
  it('is read by the names the product calls it, whatever else is set', () => {
    expect(parseCellEnvironment({ ...right, AWS_REGION: 'eu-west-1', PATH: '/bin' })).toEqual({
      tableName: right.CONVOKE_CELL_TABLE,
      inletBucketName: right.CONVOKE_CELL_INLET_BUCKET,
      queueUrlPrefix: right.CONVOKE_CELL_QUEUE_URL_PREFIX,
    })
  })

  it('names every variable that is missing, wrong or unknown', () => {
    const wrong = { ...right, CONVOKE_CELL_TABLE: undefined, CONVOKE_CELL_INLET_BUCKET: 'A b', CONVOKE_CELL_TABEL: 'x' }
    expect(() => parseCellEnvironment(wrong)).toThrow(
      /CONVOKE_CELL_TABLE .+\nCONVOKE_CELL_INLET_BUCKET must be.+\nCONVOKE_CELL_TABEL is not a setting/,
    )
  })
})
