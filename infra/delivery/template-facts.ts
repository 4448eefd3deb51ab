import * as z from 'zod'
import { bundleKey, type FunctionBundles, type ReleaseManifest } from '#shared/contracts/release.ts'

const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const Parameter = z.object({
  Type: z.string(),
  Description: z.string().optional(),
  Default: Value.optional(),
  AllowedPattern: z.string().optional(),
  AllowedValues: z.array(Value).optional(),
})

const LambdaFunction = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({ Code: z.object({ S3Key: z.string() }) }),
})

const Template = z.object({
  Parameters: z.record(z.string(), Parameter).default({}),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
})

/** What a manifest says of its template. Throws when a function of the template is not among the built ones. */
export function templateFacts(
  template: string,
  built: FunctionBundles,
): Pick<ReleaseManifest, 'parameters' | 'functions'> {
  const { Parameters, Resources } = Template.parse(JSON.parse(template))
  const keys = new Set(
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map((resource) => LambdaFunction.parse(resource).Properties.Code.S3Key),
  )
  const functions = Object.fromEntries(Object.entries(built).filter(([, { sha256 }]) => keys.delete(bundleKey(sha256))))
  if (keys.size > 0)
    throw new Error(
      `the template names code that was not built: ${[...keys].join(', ')}; build, then synth, then publish`,
    )
  return {
    parameters: Object.fromEntries(Object.entries(Parameters).map(([name, one]) => [name, parameterOf(one)])),
    functions,
  }
}

function parameterOf(parameter: z.infer<typeof Parameter>): ReleaseManifest['parameters'][string] {
  const { Type: type, Description, Default, AllowedPattern, AllowedValues } = parameter
  return {
    type,
    ...(Description === undefined ? {} : { description: Description }),
    ...(Default === undefined ? {} : { default: Default }),
    ...(AllowedPattern === undefined ? {} : { allowedPattern: AllowedPattern }),
    ...(AllowedValues === undefined ? {} : { allowedValues: AllowedValues }),
  }
}
