import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packNpmPackage } from '../../src/server/libraries/npm-package.ts'
import { runProgram } from '../support/processes/run-program.ts'

interface Fixture {
  readonly manifest?: Readonly<Record<string, unknown>>
  /** Texts by path; `-> target` makes a link. */
  readonly files: Readonly<Record<string, string>>
}

const module = (name: string, more: object = {}): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...more }),
  [`node_modules/${name}/index.js`]: name,
  [`node_modules/${name}/.npmignore`]: 'index.js',
})

const fixtures: Readonly<Record<string, Fixture>> = {
  secrets: {
    files: {
      '.env': 'KEY=secret',
      '.npmrc': '//registry/:_authToken=secret',
      '.npmignore': '.env\nprivate/\n*.log\n!keep.log',
      '.gitignore': 'dist',
      'private/key.pem': 'secret',
      'debug.log': '',
      'keep.log': '',
      'dist/index.js': '',
      'lib/.npmignore': 'hidden.js',
      'lib/hidden.js': '',
      'lib/shown.js': '',
      'package-lock.json': '{}',
    },
  },
  ignored: {
    files: {
      '.gitignore': '/build\n*.tmp\n.env',
      '.env': 'KEY=secret',
      'build/out.js': '',
      'src/build/in.js': '',
      'src/.gitignore': '!a.tmp\nlocal.js',
      'src/a.tmp': '',
      'src/local.js': '',
      'b.tmp': '',
    },
  },
  chosen: {
    manifest: {
      main: 'entry.js',
      bin: { tool: 'bin/tool.js' },
      files: ['lib', 'docs/*.md', '!lib/**/*.test.js', './one.js', '.env.example', 'missing'],
    },
    files: {
      'entry.js': '',
      'bin/tool.js': '',
      'lib/a.js': '',
      'lib/a.test.js': '',
      'lib/deep/b.test.js': '',
      'docs/a.md': '',
      'docs/b.txt': '',
      'one.js': '',
      'two.js': '',
      '.env': 'KEY=secret',
      '.env.example': 'KEY=',
      'README.md': '',
      LICENCE: '',
      'CHANGELOG.md': '',
    },
  },
  bundling: {
    manifest: {
      dependencies: { a: '1', '@s/b': '1', c: '1', gone: '1' },
      devDependencies: { d: '1' },
      bundledDependencies: ['a', '@s/b', 'gone', 'd'],
    },
    files: {
      'index.js': '',
      ...module('a', { dependencies: { e: '1' }, optionalDependencies: { absent: '1' } }),
      ...module('@s/b', { files: ['index.js'] }),
      ...module('c'),
      ...module('d'),
      ...module('e', { dependencies: { a: '1' } }),
      'node_modules/a/node_modules/inner/index.js': '',
      'node_modules/.bin/a': '-> ../a/index.js',
    },
  },
  'bundling-all': {
    manifest: {
      dependencies: { a: '1' },
      optionalDependencies: { c: '1' },
      bundleDependencies: true,
    },
    files: { ...module('a'), ...module('c'), ...module('stray') },
  },
  odd: {
    files: {
      'lib/node_modules/dep/index.js': '',
      'lib/.DS_Store': '',
      'lib/._a': '',
      'a.orig': '',
      '.a.swp': '',
      'CVS/Root': '',
      '.git/config': '',
      'archived-packages/x': '',
      'link.js': '-> index.js',
      outside: '-> /etc',
      'index.js': '',
      '@at.js': '',
      '-dash.js': '',
      'über/naïve file.js': '',
      'lib/README': '',
    },
  },
  workspaces: {
    manifest: { workspaces: ['packages/*'] },
    files: {
      '.gitignore': '.env\ndist',
      'index.js': '',
      'packages/.gitignore': '*.tmp',
      'packages/one/package.json': '{"name":"one","version":"1.0.0","files":["lib"]}',
      'packages/one/lib/a.js': '',
      'packages/one/other.js': '',
      'packages/two/package.json': '{"name":"two","version":"1.0.0"}',
      'packages/two/.env': 'KEY=secret',
      'packages/two/a.tmp': '',
      'packages/two/dist/a.js': '',
      'packages/two/src/a.js': '',
    },
  },
}

const inWorkspace = 'workspaces/packages/two'

let folder: string
/** Of each fixture, what `npm pack` would pack. */
let packed: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-npm-pack-'))
  for (const [name, { manifest, files }] of Object.entries(fixtures)) {
    const root = join(folder, name)
    const all = {
      'package.json': JSON.stringify({ name, version: '1.0.0', ...manifest }),
      ...files,
    }
    for (const [path, text] of Object.entries(all)) {
      const file = join(root, path)
      await mkdir(dirname(file), { recursive: true })
      await (text.startsWith('-> ') ? symlink(text.slice(3), file) : writeFile(file, text))
    }
  }
  const places = Object.keys(fixtures).map((name) => join(folder, name))
  packed = new Map([
    ...packedByNpm(folder, places),
    ...packedByNpm(join(folder, inWorkspace), ['.']),
  ])
})
afterAll(() => rm(folder, { recursive: true }))

function packedByNpm(
  cwd: string,
  places: readonly string[],
): readonly (readonly [string, string[]])[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', ...places]
  const answer = JSON.parse(runProgram('npm', args, cwd)) as {
    readonly name: string
    readonly files: readonly { readonly path: string }[]
  }[]
  return answer.map(({ name, files }) => [name, files.map(({ path }) => path).toSorted()])
}

async function pathsIn(file: string): Promise<readonly string[]> {
  const paths: string[] = []
  await list({ file, onReadEntry: ({ path }) => paths.push(path.replace(/^package\//, '')) })
  return paths.toSorted()
}

describe('packNpmPackage', () => {
  it.each(Object.keys(fixtures))('packs what npm pack packs of %s', async (name) => {
    const target = join(folder, `${name}.tgz`)
    const files = await packNpmPackage(join(folder, name), { target })
    expect(await pathsIn(target)).toEqual(packed.get(name))
    expect(files.map(({ path }) => path).toSorted()).toEqual(packed.get(name))
  })

  it('packs what npm pack packs of a workspace', async () => {
    const target = join(folder, 'two.tgz')
    await packNpmPackage(join(folder, inWorkspace), { target })
    expect(await pathsIn(target)).toEqual(['package.json', 'src/a.js'])
    expect(packed.get('two')).toEqual(['package.json', 'src/a.js'])
  })
})
