/** A framework with a journal in a process of its own, whose memory can be told from the master's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

export interface FrameworkProcess {
  /** Resident memory, MB: now, and the most that it was. */
  readonly memoryMb: number
  readonly peakMb: number
  /** What its event `name` said, so often so far. */
  countOf(name: string): number
  close(): Promise<void>
}

export interface FrameworkProcessOptions {
  readonly master: string
  readonly journal: string
  readonly tasks: number
  /** How long each sync of the disk takes longer than it does, ms. */
  readonly syncMs: number
}

// Where the runner is started from: the bundle of this file is somewhere else.
const root = process.cwd()

const program = `
import { open } from 'node:fs/promises'
import { createFramework } from '${root}/src/framework/framework.ts'
const [master, journal, tasks, syncMs] = process.argv.slice(2)
if (Number(syncMs) > 0) {
  const probe = await open(process.execPath)
  const FileHandle = Object.getPrototypeOf(probe)
  await probe.close()
  const { datasync } = FileHandle
  FileHandle.datasync = async function () {
    await new Promise((resolve) => setTimeout(resolve, Number(syncMs)))
    await datasync.call(this)
  }
}
const counts = {}
const framework = createFramework({ master, journal, offerHoldMs: 0 })
for (const name of ['task.updated', 'call.failed', 'framework.failed'])
  framework.on(name, (event) => {
    counts[name] = (counts[name] ?? 0) + 1
    if (name === 'framework.failed') console.error(event)
  })
setInterval(() => console.log(JSON.stringify({ rss: process.memoryUsage.rss(), counts })), 100)
await framework.start()
for (let index = 0; index < Number(tasks); index++)
  framework
    .run({ id: 'task-' + index, work: { kind: 'shell', command: 'true' }, resources: { cpus: 0.001, memMb: 1 } })
    .catch(() => undefined)
`

/** Starts it; it registers and submits its tasks by itself. */
export async function startFrameworkProcess(
  options: FrameworkProcessOptions,
): Promise<FrameworkProcess> {
  const { master, journal, tasks, syncMs } = options
  const cache = `${root}/node_modules/.cache/jarcast`
  const outfile = `${cache}/overload-${process.pid}.mjs`
  mkdirSync(cache, { recursive: true })
  await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    define: { 'import.meta.url': JSON.stringify(`file://${root}/src/framework/framework.ts`) },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [outfile, master, journal, `${tasks}`, `${syncMs}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let memoryMb = 0
  let peakMb = 0
  let counts: Readonly<Record<string, number>> = {}
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { rss: number; counts: Record<string, number> }
    memoryMb = said.rss / 1024 / 1024
    peakMb = Math.max(peakMb, memoryMb)
    counts = said.counts
  })
  return {
    get memoryMb() {
      return memoryMb
    },
    get peakMb() {
      return peakMb
    },
    countOf: (name) => counts[name] ?? 0,
    async close() {
      if (child.exitCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(outfile, { force: true })
    },
  }
}
