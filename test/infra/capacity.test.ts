import { describe, expect, it } from 'vitest'
import { capacityOf, roomsOf } from '#infra/capacity.ts'
import { idleCosts, sumOf } from '#infra/prices.ts'
import { tenantTemplate } from '#infra/synthesise.ts'
import { Template } from '#infra/template/template.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)

describe('a cell', () => {
  it('holds 96 tenants at first and 480 with raised quotas, and says what binds', () => {
    expect(capacityOf(template, 'atFirst')).toEqual({ tenants: 96, boundBy: 'API Gateway custom domains' })
    expect(capacityOf(template, 'raised')).toEqual({ tenants: 480, boundBy: 'API Gateway regional REST APIs' })
  })

  it('holds fewer when a tenant takes more of what is scarce', () => {
    const role = template.Resources.ReaderRole
    const roles = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`Role${n}`, role]))
    const greedy = Template.parse({ ...template, Resources: { ...template.Resources, ...roles } })
    expect(capacityOf(greedy, 'atFirst')).toEqual({ tenants: 30, boundBy: 'IAM roles' })
  })

  it('counts what stands in a cell only', () => {
    expect(roomsOf(template).map(({ quota }) => quota)).not.toContain('CloudWatch alarms')
  })
})

describe('an idle tenant', () => {
  it('costs at most 6 USD a month, most of it for pollers at empty queues', () => {
    const lines = idleCosts(template)
    expect(sumOf(lines)).toBeLessThanOrEqual(6)
    expect(lines.find(({ line }) => line.startsWith('SQS: pollers'))?.usd).toBeCloseTo(3.42, 2)
  })
})
