import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { hasRegistry } from '../../../scripts/support/machine.mjs'
import { resolvePackages } from '../../../src/coordinates/resolve-packages.ts'

// More than fifty tarballs, one nested version, and binaries for other platforms.
const roots = { express: '4.22.1', debug: '4.4.3', 'left-pad': '1.3.0', esbuild: '0.25.12' }

interface PackageLock {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly integrity: string; readonly os?: string[] }>
  >
}

it('real packages have the layout of npm install', async ({ skip }) => {
  if (!hasRegistry()) skip()
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-npm-layout-'))
  try {
    const manifest = { private: true, dependencies: roots }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    const args = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']
    await promisify(execFile)('npm', args, { cwd: folder })
    const text = await readFile(join(folder, 'package-lock.json'), 'utf8')
    const expected = Object.entries((JSON.parse(text) as PackageLock).packages)
      .filter(([place, { os }]) => place !== '' && (os?.includes(process.platform) ?? true))
      .filter(([place]) => !place.startsWith('node_modules/@esbuild/') || place.endsWith(esbuild))
      .map(([place, { version, integrity }]) => [place, version, integrity])
    const packages = Object.entries(roots).map(([name, version]) => `npm:${name}@${version}`)
    const { lock } = await resolvePackages({ packages }, { cacheFolder: join(folder, 'cache') })
    const found = Object.entries(lock.npm?.packages ?? {})
    expect(found.length).toBeGreaterThan(50)
    expect(found.map(([place, { version, integrity }]) => [place, version, integrity])).toEqual(
      expected,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

const esbuild = `/${process.platform}-${process.arch}`
