import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, startMavenSite } from '../../coordinates/maven-site.ts'
import type { MavenSite } from '../../coordinates/maven-site.ts'
import { faultsOf } from '../../support/json-schema.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

let maven: MavenSite

beforeEach(async () => {
  maven = await startMavenSite()
  const mirror = `<mirror><id>site</id><mirrorOf>*</mirrorOf><url>${maven.url}</url></mirror>`
  const settings = `<settings><mirrors>${mirror}</mirrors></settings>`
  await writeFile(join(maven.folder, 'settings.xml'), settings)
})
afterEach(() => maven.close())

async function resolve(...args: readonly string[]) {
  const settings = ['--maven-settings', join(maven.folder, 'settings.xml')]
  const child = spawn(process.execPath, [main, 'resolve', ...settings, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: maven.folder },
  })
  const { status, stdout, stderr } = await outcomeOf(child)
  return { stdout, stderr: stderr.trim().split('\n').toSorted(), status }
}

describe('jarcast resolve', () => {
  it('reports fetches in a pipe, and prints the packages', async () => {
    maven.add('g:a:1', dependencies('g:b:1'), 'the bytes of a')
    maven.add('g:b:1', '', 'the bytes of b!')
    const first = await resolve('--package', 'maven:g:a:1')
    expect(first).toEqual({
      status: 0,
      stdout: ['maven:g:a:1  14 B', '└─ maven:g:b:1  15 B', '2 packages, 29 B', ''].join('\n'),
      stderr: ['fetched maven:g:a:1, 14 B', 'fetched maven:g:b:1, 15 B'],
    })
    const second = await resolve('--package', 'maven:g:a:1', '--json')
    expect(second).toMatchObject({ status: 0, stderr: [''] })
    const resolved = JSON.parse(second.stdout) as object
    expect(faultsOf('libraries')(resolved)).toEqual([])
    expect(resolved).toMatchObject({
      event: 'resolve',
      packages: 2,
      sizeBytes: 29,
      lock: { maven: { classPath: ['g:a:1', 'g:b:1'] } },
    })
  })

  it('names a package that cannot be fetched, and fails', async () => {
    const { status, stderr } = await resolve('--package', 'maven:g:missing:1')
    expect(status).toBe(1)
    expect(stderr.join('\n')).toContain('maven:g:missing:1')
  })
})
