import { describe, expect, it } from 'vitest'
import { nagReport } from '#infra/nag.ts'
import { addTemplates, createApp } from '#infra/synthesise.ts'
import { sampleRelease } from './sample-release.ts'

describe('cdk-nag, AWS Solutions', () => {
  const app = createApp()
  addTemplates(app, sampleRelease)
  const report = nagReport(app)

  it('finds nothing that nobody acknowledged', () => {
    expect(report.unsuppressed).toEqual([])
  })

  it('has eighteen acknowledged findings, each with a reason and each still found', () => {
    expect(report.suppressed.map(({ ruleId, path }) => `${path} ${ruleId}`)).toHaveLength(18)
    for (const { reason } of report.suppressed) expect(reason).toMatch(/^.{40,}\.$/)
    expect(report.idle).toEqual([])
  })
})
