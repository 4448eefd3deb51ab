import { parseArgs } from 'node:util'
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

const options = {
  bucket: { type: 'string' },
  version: { type: 'string' },
  'git-sha': { type: 'string' },
  dist: { type: 'string', default: 'dist' },
  template: { type: 'string', default: 'cdk.out/convoke-tenant.template.json' },
  'functions-only': { type: 'boolean', default: false },
  region: { type: 'string' },
  'force-path-style': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ readonly options: typeof options }>>['values']

/** What was asked for, or what is wrong with it in a sentence for people. */
function readArguments(): Values | string {
  try {
    const { values } = parseArgs({ options })
    const wanted = values['functions-only'] ? (['bucket'] as const) : (['bucket', 'version', 'git-sha'] as const)
    const missing = values.help ? undefined : wanted.find((name) => (values[name] ?? '') === '')
    return missing === undefined ? values : `--${missing} is missing`
  } catch (error) {
    // parseArgs throws TypeErrors with a sentence for people.
    if (!(error instanceof TypeError)) throw error
    return error.message
  }
}

/** Publishes the code alone, or the whole release. */
async function publish(values: Values): Promise<void> {
  if (values.help) return say(usage)
  const store = createS3ReleaseStore(values.bucket ?? '', {
    forcePathStyle: values['force-path-style'],
    ...(values.region === undefined ? {} : { region: values.region }),
  })
  const content = await readReleaseContent({ distFolder: values.dist, templateFile: values.template })
  if (values['functions-only']) return say(`${await publishFunctions(store, content)} zips uploaded`)
  const facts = { ...compatibility, version: values.version ?? '', gitSha: values['git-sha'] ?? '' }
  const { manifest, isNew, zipsUploaded } = await publishRelease(store, content, facts)
  say(
    `${manifest.version} ${isNew ? 'published' : 'was published before'}: ${zipsUploaded} zips uploaded, ${manifest.templateKey}`,
  )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const values = readArguments()
if (typeof values === 'string') {
  process.stderr.write(`${values}\n\n${usage}\n`)
  process.exitCode = 2
} else await publish(values)
