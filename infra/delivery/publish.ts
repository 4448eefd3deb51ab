import { parseArgs } from 'node:util'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { compatibility } from './compatibility.ts'
import { publishFunctions, publishRelease } from './publish-release.ts'
import { readReleaseContent } from './release-content.ts'
import { createS3ReleaseStore } from './s3-release-store.ts'

const usage = `npm run release -- --bucket BUCKET --version VERSION --git-sha COMMIT   the whole release
npm run release -- --bucket BUCKET --functions-only                    the functions' zips alone
  --dist FOLDER        what npm run build made (dist)
  --template FILE      what npm run synth made (cdk.out/convoke-tenant.template.json)
  --region REGION      of the bucket, where it is not that of whoever publishes
  --force-path-style   for stores that have no host per bucket`

const UsageFailure = defineFailures('release', { usage: { status: 400, retry: false } })

function readArguments() {
  try {
    return parseArgs({
      options: {
        bucket: { type: 'string' },
        version: { type: 'string' },
        'git-sha': { type: 'string' },
        dist: { type: 'string', default: 'dist' },
        template: { type: 'string', default: 'cdk.out/convoke-tenant.template.json' },
        'functions-only': { type: 'boolean', default: false },
        region: { type: 'string' },
        'force-path-style': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    // parseArgs throws TypeErrors with a sentence for people.
    throw UsageFailure.usage(error instanceof Error ? error.message : String(error))
  }
}

/** Publishes the code alone, or the whole release. */
async function publish(): Promise<void> {
  const values = readArguments()
  if (values.help) return say(usage)
  const store = createS3ReleaseStore(given('bucket', values.bucket), {
    forcePathStyle: values['force-path-style'],
    ...(values.region === undefined ? {} : { region: values.region }),
  })
  const content = await readReleaseContent({ distFolder: values.dist, templateFile: values.template })
  if (values['functions-only']) return say(`${await publishFunctions(store, content)} zips uploaded`)
  const facts = {
    ...compatibility,
    version: given('version', values.version),
    gitSha: given('git-sha', values['git-sha']),
  }
  const { manifest, isNew, zipsUploaded } = await publishRelease(store, content, facts)
  say(
    `${manifest.version} ${isNew ? 'published' : 'was published before'}: ${zipsUploaded} zips uploaded, ${manifest.templateKey}`,
  )
}

function given(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw UsageFailure.usage(`--${name} is missing`)
  return value
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await publish()
} catch (error) {
  if (!isFailure(error, 'release.usage')) throw error
  process.stderr.write(`${error.message}\n\n${usage}\n`)
  process.exitCode = 2
}
