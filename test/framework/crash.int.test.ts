import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJournal } from '../../src/journal/files/read-journal.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'

const support = fileURLToPath(new URL('../support/processes', import.meta.url))
const taskCount = 2
const results = Array.from({ length: taskCount }, (_, index) => `done task-${index}`)
let cluster: LocalCluster
let folder: string
let library: string
let job: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-crash-'))
  job = await bundleJob()
  library = join(folder, 'work.mjs')
  // Counted where tasks run: a task that is launched twice leaves two lines.
  await writeFile(
    library,
    `import { appendFileSync } from 'node:fs'
export function work(id, counter) {
  appendFileSync(counter, id + '\\n')
  return 'done ' + id
}
`,
  )
  // Large enough for its download to be under way when the scheduler is killed.
  await writeFile(join(folder, 'ballast.bin'), randomBytes(8 * 1024 * 1024))
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    agentResources: { cpus: 8 },
  })
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** One file starts in half the time of hundreds, and it is started more than a hundred times. */
async function bundleJob(): Promise<string> {
  const outfile = join(folder, 'package/dist/framework/journalled-job.mjs')
  await build({
    entryPoints: [join(support, 'journalled-job.mjs')],
    alias: { jarcast: resolve('src/index.ts') },
    // The job traces no functions.
    external: ['@vercel/nft', '@swc/wasm-typescript'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  for (const file of ['package.json', 'dist/executor/jarcast-executor.cjs']) {
    await cp(resolve(file), join(folder, 'package', file))
  }
  return outfile
}

interface Run {
  readonly signal: NodeJS.Signals | null
  readonly status: number | null
  readonly output: string
}

/** One process of the job; `crash` says where it kills itself. */
async function runJob(journal: string, crash?: string): Promise<Run> {
  const libraries = `${library},${join(folder, 'ballast.bin')}`
  const program = [job, cluster.url, journal, libraries, `${taskCount}`]
  const child = spawn(process.execPath, ['--import', join(support, 'crash.mjs'), ...program], {
    env: { ...process.env, ...(crash === undefined ? {} : { CRASH: crash }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (output += String(text)))
  return await new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ signal, status, output }))
  })
}

/** How often each task ran, as the tasks themselves have noted it beside their journal. */
async function countRuns(journal: string): Promise<Record<string, number>> {
  const lines = (await readFile(`${journal}.runs`, 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
  return Object.fromEntries(
    [...new Set(lines)].map((id) => [id, lines.filter((line) => line === id).length]),
  )
}

const once = Object.fromEntries(
  Array.from({ length: taskCount }, (_, index) => [`task-${index}`, 1]),
)

describe('a scheduler that is killed', () => {
  let entryCount = 0

  it('leaves a journal of a whole run when it is not', async () => {
    const journal = join(folder, 'undisturbed')
    expect(await runJob(journal)).toMatchObject({
      status: 0,
      output: `${JSON.stringify(results)}\n`,
    })
    expect(await countRuns(journal)).toEqual(once)
    entryCount = readJournal(journal).lastSeq
    expect(entryCount).toBeGreaterThan(10)
  })

  it.concurrent.each(['append', 'perform'])(
    'right after the %s of any entry: every task finishes exactly once',
    async (mode) => {
      expect(entryCount).toBeGreaterThan(10)
      for (let seq = 1; seq <= entryCount; seq++) {
        const journal = join(folder, `${mode}-${seq}`)
        const killed = await runJob(journal, `${mode}:${seq}`)
        const recovered = await runJob(journal)
        const about = { mode, seq, killed, recovered }
        expect({ ...about, runs: await countRuns(journal) }).toMatchObject({
          recovered: { status: 0, output: `${JSON.stringify(results)}\n` },
          runs: once,
        })
        await rm(`${journal}.cache`, { recursive: true, force: true })
        // The last entries of a run have nothing after them to be killed by.
        if (seq < entryCount - 3) expect(killed).toMatchObject({ signal: 'SIGKILL' })
      }
    },
  )

  it('reports the outcomes again when the run is over', async () => {
    expect(await runJob(join(folder, 'undisturbed'))).toMatchObject({
      status: 0,
      output: `${JSON.stringify(results)}\n`,
    })
    expect(await countRuns(join(folder, 'undisturbed'))).toEqual(once)
  })
})
