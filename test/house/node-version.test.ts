import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** Runs `node -e` behind the guard on a Node that says it is `version`. */
function runAs(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const preloads = [`data:text/javascript,${encodeURIComponent(pretend)}`, './scripts/check/node-version.mjs']
  const imports = preloads.flatMap((preload) => ['--import', preload])
  return spawnSync(process.execPath, [...imports, '-e', 'process.stdout.write("started")'], {
    cwd: root,
    encoding: 'utf8',
  })
}

describe('the Node version guard', () => {
  it('stops an older Node with one line that says what to do', () => {
    const { status, stdout, stderr } = runAs('20.20.2')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Convoke needs Node 24 or newer, and this is Node 20\.20\.2 \(.+\)\. .+\n$/)
  })

  it('lets Node 24 and later pass without a word', () => {
    for (const version of ['24.0.0', '26.1.0'])
      expect(runAs(version)).toMatchObject({ status: 0, stdout: 'started', stderr: '' })
  })
})
