import { parseArgs } from 'node:util'
import { compatibility } from './compatibility.ts'
import { publishFunctions, publishRelease } from './publish-release.ts'
import { readReleaseContent } from './release-content.ts'
import { createS3ReleaseStore } from './s3-release-store.ts'

/** `publish.ts --bucket B --functions-only`, or `publish.ts --bucket B --version V --git-sha S`: the code alone, or the whole release. */
async function publish(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bucket: { type: 'string' },
      version: { type: 'string' },
      'git-sha': { type: 'string' },
      dist: { type: 'string', default: 'dist' },
      template: { type: 'string', default: 'cdk.out/convoke-tenant.template.json' },
      'functions-only': { type: 'boolean', default: false },
      /** Of the bucket, where it is not that of whoever publishes. */
      region: { type: 'string' },
      'force-path-style': { type: 'boolean', default: false },
    },
  })
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
  if (value === undefined || value === '') throw new Error(`--${name} is missing`)
  return value
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await publish()
