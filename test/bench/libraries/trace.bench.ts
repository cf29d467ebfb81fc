/**
 * A function with more than 300 transitive files, shipped as it is traced, beside the same one with
 * its packages given by --lib. A run with another result ends the benchmark.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isRecord, parseJson } from '../../../src/domain/json.ts'
import type { Figure } from '../support/measure.ts'

const execute = promisify(execFile)
// npm runs its scripts in the package's folder.
const cli = resolve('dist/cli/main.js')
/** All that the function needs, as `npm install` places it. */
const packages = ['fast-check', 'pure-rand', 'rxjs', 'semver', 'tslib']

const job = `import fc from 'fast-check'
import { lastValueFrom, map, range, toArray } from 'rxjs'
import 'rxjs/ajax'
import 'rxjs/operators'
import 'rxjs/webSocket'
import { TestScheduler } from 'rxjs/testing'
import semver from 'semver'

export async function run(count: number = 100): Promise<string> {
  const numbers = fc.sample(fc.nat(50), { numRuns: count, seed: 7 })
  const versions = await lastValueFrom(
    range(0, count).pipe(map((index) => \`1.\${numbers[index]}.0\`), toArray()),
  )
  return \`\${versions.length} \${semver.rsort(versions)[0]} \${TestScheduler.frameTimeFactor}\`
}
`

interface Run {
  readonly result: unknown
  readonly receivedBytes: number
  readonly seconds: number
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-trace-'))
  try {
    await writeProject(folder)
    const lib = packages.map((name) => join('node_modules', name))
    const traced = () => exec(folder, 'traced', ['--js', 'job.ts#run'])
    const listed = () => exec(folder, 'listed', ['--lib', ...lib, '--js', 'job.mjs#run'])
    const [first, peer, second] = [await traced(), await listed(), await traced()]
    for (const { result } of [peer, second])
      if (result !== first.result || typeof result !== 'string')
        throw new Error(`the results are ${String(first.result)} and ${String(result)}`)
    const limit = { atLeast: 300 }
    const files = await countFiles(folder)
    yield { case: 'files that the function needs', value: files, unit: 'files', limit }
    yield {
      case: 'bytes to a host, first run',
      value: first.receivedBytes / 1000,
      unit: 'kB',
      peer: '--lib',
      peerValue: peer.receivedBytes / 1000,
      ratio: first.receivedBytes / peer.receivedBytes,
      limit: { atMost: 1 },
    }
    yield {
      case: 'bytes to a host, second run',
      value: second.receivedBytes / 1000,
      unit: 'kB',
      limit: { atMost: 0 },
    }
    yield {
      case: 'whole command on a local cluster, first run',
      value: first.seconds,
      unit: 's',
      peer: '--lib',
      peerValue: peer.seconds,
      ratio: first.seconds / peer.seconds,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeProject(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'))
  for (const name of packages)
    await cp(resolve('node_modules', name), join(folder, 'node_modules', name), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'job.ts'), job)
  await writeFile(
    join(folder, 'job.mjs'),
    job.replace(': number', '').replace(': Promise<string>', ''),
  )
}

/** Runs `jarcast exec` with a host cache of this name. */
async function exec(folder: string, cache: string, words: readonly string[]): Promise<Run> {
  const startedAt = performance.now()
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, `cache-${cache}`) }
  const args = [cli, 'exec', '--json', '--master', 'local', ...words]
  const { stdout } = await execute(process.execPath, args, { cwd: folder, env })
  const seconds = (performance.now() - startedAt) / 1000
  const events = stdout.split('\n').map(parseJson).filter(isRecord)
  const fetched = events.filter(({ event }) => event === 'library.fetched')
  const report = events.find(({ event }) => event === 'task.ended')?.['report']
  return {
    result: isRecord(report) ? report['result'] : undefined,
    receivedBytes: fetched.reduce((bytes, one) => bytes + Number(one['receivedBytes'] ?? 0), 0),
    seconds,
  }
}

async function countFiles(folder: string): Promise<number> {
  const { traceModules } = await import('../../../src/tracing/trace-modules.ts')
  const { files, remove } = await traceModules([join(folder, 'job.ts')])
  await remove()
  return files.length
}
