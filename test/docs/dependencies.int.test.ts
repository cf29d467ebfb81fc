/** docs/dependencies.md, compared with the lock file, the installed packages and what is loaded. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/cli/main.js')
const guide = readFileSync(join(root, 'docs/dependencies.md'), 'utf8')
const { dependencies } = readJson('package.json') as { dependencies: Record<string, string> }
const { packages } = readJson('package-lock.json') as { packages: Record<string, Locked> }

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly hasInstallScript?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

interface Row {
  readonly name: string
  readonly loaded: string
  readonly brings: number
}

const rows: readonly Row[] = Array.from(
  guide.matchAll(/^\| `([^`]+)` +\| .+? +\| (.+?) +\| (\d+) +\|$/gm),
  ([, name = '', loaded = '', brings]) => ({ name, loaded, brings: Number(brings) }),
)

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as unknown
}

/** Where `name` is, as Node finds it from the package at `place`. */
function findPackage(place: string, name: string): string | undefined {
  const candidate = `${place === '' ? '' : `${place}/`}node_modules/${name}`
  if (packages[candidate] !== undefined) return candidate
  if (place === '') return undefined
  return findPackage(place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1)), name)
}

/** A package of the lock file with all that it needs. */
function closureOf(name: string): ReadonlySet<string> {
  const found = new Set([`node_modules/${name}`])
  for (const place of found) {
    const { dependencies: needed, optionalDependencies: optional } = packages[place] ?? {}
    for (const one of Object.keys({ ...needed, ...optional })) {
      const next = findPackage(place, one)
      if (next !== undefined) found.add(next)
    }
  }
  return found
}

const all = new Set(Object.keys(dependencies).flatMap((name) => [...closureOf(name)]))

describe('docs/dependencies.md', () => {
  it('has one line for each dependency, with the number of packages that it brings', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(dependencies).toSorted())
    const brought = rows.map(({ name }) => [name, closureOf(name).size - 1])
    expect(rows.map(({ name, brings }) => [name, brings])).toEqual(brought)
    expect(guide).toContain(
      `${rows.length} dependencies and all that they need, ${all.size} packages`,
    )
    const ofNpm = rows.filter(({ name }) => /^@npmcli\/|^npm-|^pacote$/.test(name))
    const together = new Set(ofNpm.flatMap(({ name }) => [...closureOf(name)]))
    expect(guide).toContain(`They need ${together.size} packages`)
  })
})

describe('production dependencies', () => {
  it('have no install scripts, and are for every platform', () => {
    const odd = [...all].filter((place) => {
      const { hasInstallScript = false, os, cpu } = packages[place] ?? {}
      return hasInstallScript || (os ?? cpu) !== undefined
    })
    expect(odd).toEqual([])
  })

  it('have no native code', () => {
    const native = [...all].flatMap((place) => {
      const folder = join(root, place)
      if (!existsSync(folder)) return []
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      return files
        .filter((file) => !file.startsWith('node_modules'))
        .filter((file) => /\.(?:node|so|dylib|dll|exe)$|(?:^|\/)binding\.gyp$/.test(file))
        .map((file) => `${place}/${file}`)
    })
    expect(native).toEqual([])
  })
})

describe('what is loaded', () => {
  const run = promisify(execFile)
  let folder = ''

  beforeAll(async () => {
    if (!existsSync(main)) throw new Error('these tests run the build: npm run build')
    folder = await mkdtemp(join(tmpdir(), 'jarcast-loaded-'))
    await writeFile(
      join(folder, 'hooks.mjs'),
      `import { appendFileSync } from 'node:fs'
       export async function load(url, context, next) {
         appendFileSync(process.env.LOADED, url + '\\n')
         return await next(url, context)
       }`,
    )
    await writeFile(
      join(folder, 'register.mjs'),
      `import { register } from 'node:module'
       register('./hooks.mjs', import.meta.url)`,
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** The dependencies that a program loads. */
  async function loadedBy(name: string, ...args: readonly string[]): Promise<readonly string[]> {
    const loaded = join(folder, name)
    await writeFile(loaded, '')
    const hook = ['--no-warnings', '--import', pathToFileURL(join(folder, 'register.mjs')).href]
    await run(process.execPath, [...hook, ...args], { env: { ...process.env, LOADED: loaded } })
    const urls = readFileSync(loaded, 'utf8')
    expect(urls).toContain('/dist/')
    const names = [...urls.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(
      ([, one]) => one,
    )
    return Object.keys(dependencies).filter((dependency) => names.includes(dependency))
  }

  const rowsOf = (...when: readonly string[]): readonly string[] =>
    rows.filter(({ loaded }) => when.includes(loaded)).map(({ name }) => name)

  it('is no package for --version', async () => {
    expect(await loadedBy('version', main, '--version')).toEqual([])
  })

  it('is what the page says for the library', async () => {
    const library = `import ${JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href)}`
    const ofLibrary = await loadedBy('library', '--input-type=module', '-e', library)
    expect(ofLibrary.toSorted()).toEqual(rowsOf('with `jarcast`').toSorted())
  })

  it('is in the bundle of the command line what the page says, and else on use', async () => {
    const ofRun = packagesOf(
      'src/cli/start.ts',
      'src/cli/program.ts',
      'src/cli/exec/exec-command.ts',
    )
    const rest = ['src/cli/run/run-command.ts', 'src/cli/session/run-session.ts']
    const found = [...new Set([...ofRun, ...packagesOf(...rest)])]
    expect(found.toSorted()).toEqual(rowsOf('with `jarcast`', 'with commands').toSorted())
    const args = ['exec', '--no-config', '--master', 'local', '--', 'true']
    expect(await loadedBy('run', main, ...args)).toEqual([])
  })
})

/** The dependencies that these sources import, or what they import, before anything is used. */
function packagesOf(...files: readonly string[]): readonly string[] {
  const sources = new Set(files)
  const found = new Set<string>()
  for (const file of sources) {
    const words = readFileSync(join(root, file), 'utf8').matchAll(
      /^(?:import|export)\b(?! type)(?:[^'"]*?from)? ?['"]([^'"]+)['"]/gm,
    )
    for (const [, specifier = ''] of words) {
      if (specifier.startsWith('.')) sources.add(join(dirname(file), specifier))
      else found.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '')
    }
  }
  return Object.keys(dependencies).filter((name) => found.has(name))
}
