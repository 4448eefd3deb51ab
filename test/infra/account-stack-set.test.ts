import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createResolver } from '#infra/template/resolver.ts'
import { Template } from '#infra/template/template.ts'
import { baselineTemplates, templateIn } from './cell-sample.ts'

const templates = baselineTemplates()
const account = templateIn(templates, 'baseline-account')
const management = templateIn(templates, 'baseline-management')

const StackSet = z.object({
  PermissionModel: z.literal('SERVICE_MANAGED'),
  AutoDeployment: z.object({ Enabled: z.literal(true), RetainStacksOnAccountRemoval: z.literal(true) }),
  Parameters: z.array(z.object({ ParameterKey: z.string(), ParameterValue: z.string() })),
  StackInstancesGroup: z.array(
    z.object({
      DeploymentTargets: z.object({ OrganizationalUnitIds: z.array(z.string()) }),
      Regions: z.array(z.string()),
    }),
  ),
  TemplateBody: z.string(),
})

const given = {
  EngineRoleArn: 'arn:aws:iam::222222222222:role/baseline/baseline-engine',
  OrganizationId: 'o-abcdefghij',
  RootParent: 'r-abcd',
  DedicatedParent: 'ou-abcd-12345678',
}

describe('accounts that the engine makes', () => {
  it('get the account baseline by themselves in the region that is named, with everything that it asks for', () => {
    const more = { DedicatedRegion: 'eu-west-1', ReleaseBucket: 'baseline-release-222222222222-eu-west-1' }
    const [[, stackSet] = []] = createResolver(management, { ...given, ...more }).present([
      'AWS::CloudFormation::StackSet',
    ])
    const { Parameters, StackInstancesGroup, TemplateBody } = StackSet.parse(stackSet?.Properties)
    expect(Template.parse(JSON.parse(TemplateBody))).toEqual(account)
    expect(StackInstancesGroup).toEqual([
      { DeploymentTargets: { OrganizationalUnitIds: ['ou-abcd-12345678'] }, Regions: ['eu-west-1'] },
    ])
    const asked = Object.entries(account.Parameters).filter(([, { Default }]) => Default === undefined)
    expect(Parameters.map(({ ParameterKey }) => ParameterKey).sort()).toEqual(asked.map(([name]) => name).sort())
    expect(
      Object.fromEntries(Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
    ).toEqual({
      EngineRoleArn: given.EngineRoleArn,
      OrganizationId: given.OrganizationId,
      ReleaseBucket: more.ReleaseBucket,
    })
  })

  it('get none where no region is named', () => {
    expect(createResolver(management, given).present(['AWS::CloudFormation::StackSet'])).toEqual([])
  })
})
