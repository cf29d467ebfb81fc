/** 32 executors on one host are given the same set at the same moment: 17 MB of jars, or npm packages of many files. */
import { randomBytes } from 'node:crypto'
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { create } from 'tar'
import { manifestJson } from '../../../../src/domain/libraries/library.ts'
import { createJarServer } from '../../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../../src/server/libraries/library-store.ts'
import { createPrograms } from '../../../support/processes/program.ts'
import type { Program } from '../../../support/processes/program.ts'
import type { Figure } from '../../support/measure.ts'

const manyExecutors = 32
/** Each writes thousands of files. */
const executorsWithPackages = 8
const librarySizes = Array.from({ length: 17 }, () => 1_000_000)

/** The part of an executor that brings a set into its sandbox, once it is told to. */
const installer = `
  import { once } from 'node:events'
  import { Downloads } from './executor/libraries/downloads.ts'
  import { openHostCache } from './executor/libraries/cache/host-cache.ts'
  import { createActor } from 'xstate'
  import { downloaderMachine } from './machines/downloader/downloader.ts'
  const [folder, sandbox, setId, uri] = process.argv.slice(2)
  const cache = await openHostCache({ folder, privateFolder: sandbox + '/private' })
  const downloads = new Downloads({
    sandbox, cache, backOffMs: 500, sendMessage: () => {},
  })
  const performed = (name) => async (_, params) => actor.send(await downloads[name](params))
  const machine = downloaderMachine.provide({ actions: {
    'fx.fetchManifest': performed('fetchManifest'), 'fx.fetchLibrary': performed('fetchLibrary'),
    'fx.installSet': performed('installSet'),
  } })
  const input = { setId, source: { kind: 'manifest', uri }, maxAttempts: 6, concurrency: 4 }
  const actor = createActor(machine, { input })
  console.log('ready')
  await once(process.stdin, 'data')
  actor.subscribe({ complete: () => console.log(actor.getSnapshot().value) })
  actor.start()
  process.stdin.resume()`

/** What each has to do at the least: make files of its own. */
const copier = `
  import { once } from 'node:events'
  import { cp } from 'node:fs/promises'
  const [sandbox, ...sources] = process.argv.slice(2)
  console.log('ready')
  await once(process.stdin, 'data')
  for (const [index, source] of sources.entries()) {
    await cp(source, sandbox + '/' + index, { recursive: true })
  }
  console.log('ready')
  process.stdin.resume()`

export interface SharedHost {
  readonly seconds: number
  readonly requests: number
  readonly bytesServed: number
  readonly setBytes: number
  readonly diskBytes: number
}

export interface SharedHostOptions {
  /** Installs it once before what counts. */
  readonly isWarm?: boolean
  /** Ships the packages in place of jars. */
  readonly packages?: readonly string[]
  /** Default: 32. */
  readonly executors?: number
}

/** Installs the set in so many processes at once. */
export async function measureSharedHost(options: SharedHostOptions = {}): Promise<SharedHost> {
  const { isWarm = false, packages, executors = manyExecutors } = options
  const folder = await mkdtemp(join(tmpdir(), 'shared-host-'))
  const programs = await createPrograms()
  const store = await createLibraryStore(join(folder, 'store'))
  const libraries = await store.stage(
    packages?.map((path) => ({ path, kind: 'npm' as const })) ?? (await writeJars(folder)),
  )
  let requests = 0
  let bytesServed = 0
  const server = createJarServer({
    open: true,
    libraries,
    bind: '127.0.0.1',
    onRequest: ({ path, sentBytes }) => {
      if (!path.startsWith('/blobs/')) return
      requests += 1
      bytesServed += sentBytes
    },
  })
  try {
    await server.start()
    const bundle = await programs.bundle(installer)
    const install = (round: number): Promise<number> =>
      timeTogether(executors, (index) =>
        programs.start(bundle, [
          join(folder, 'cache'),
          join(folder, `sandboxes/${round}-${index}`),
          libraries.set.id,
          server.manifestUri ?? '',
        ]),
      )
    if (isWarm) {
      await install(0)
      requests = 0
      bytesServed = 0
    }
    const seconds = await install(1)
    const manifestBytes = Buffer.byteLength(manifestJson(libraries.set))
    const setBytes = libraries.set.libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const usedBytes = await bytesOfBlobs(join(folder, 'cache'), join(folder, 'sandboxes'))
    const diskBytes = usedBytes - manifestBytes
    return { seconds, requests, bytesServed, setBytes, diskBytes }
  } finally {
    await programs.close()
    await server.close(0)
    await rm(folder, { recursive: true })
  }
}

export async function* sharedHost(): AsyncGenerator<Figure> {
  const { seconds, requests, bytesServed, setBytes, diskBytes } = await measureSharedHost()
  const what = '17 MB set, 32 executors on one host'
  yield { case: `${what}: downloads per library`, value: requests / librarySizes.length, unit: '×' }
  yield { case: `${what}: bytes served to the set's`, value: bytesServed / setBytes, unit: '×' }
  yield { case: `${what}: disk used to the set's`, value: diskBytes / setBytes, unit: '×' }
  yield { case: `${what}: until the last has it`, value: seconds, unit: 's' }
}

export async function* warmStart(): AsyncGenerator<Figure> {
  const { seconds, bytesServed } = await measureSharedHost({ isWarm: true })
  yield { case: 'warm start of 32 executors: blob bytes', value: bytesServed, unit: 'B' }
  const folder = await mkdtemp(join(tmpdir(), 'jars-'))
  try {
    const what = 'warm start of 32 executors: until the last has it'
    yield await besideCopies(what, seconds, await writeJars(folder))
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function* sharedPackages(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-packages-'))
  try {
    const executors = executorsWithPackages
    const packages = await packPackages(folder)
    const { seconds } = await measureSharedHost({ packages, executors })
    const what = `rxjs and xstate from npm, ${executors} executors on one host: until the last has them`
    yield await besideCopies(what, seconds, packageNames.map(packageFolder), executors)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The same beside as many processes that only copy these files. */
async function besideCopies(
  what: string,
  seconds: number,
  sources: readonly string[],
  executors = manyExecutors,
): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'copies-'))
  const programs = await createPrograms()
  try {
    const bundle = await programs.bundle(copier)
    const peerValue = await timeTogether(executors, (index) =>
      programs.start(bundle, [join(folder, String(index)), ...sources]),
    )
    return {
      case: what,
      value: seconds,
      unit: 's',
      peer: 'each copies',
      peerValue,
      ratio: seconds / peerValue,
    }
  } finally {
    await programs.close()
    await rm(folder, { recursive: true })
  }
}

const packageNames = ['rxjs', 'xstate']

function packageFolder(name: string): string {
  return resolve('node_modules', name)
}

/** Packages that this project has in `node_modules`, as npm packs them. */
async function packPackages(folder: string): Promise<readonly string[]> {
  return Promise.all(
    packageNames.map(async (name) => {
      const file = join(folder, `${name}.tgz`)
      await create({ file, gzip: true, cwd: packageFolder(name), prefix: 'package' }, ['.'])
      return file
    }),
  )
}

async function writeJars(folder: string): Promise<readonly string[]> {
  const paths = librarySizes.map((_, index) => join(folder, `${index}.jar`))
  await Promise.all(paths.map((path) => writeFile(path, randomBytes(librarySizes[0] ?? 0))))
  return paths
}

/** Seconds from when all are told to go until the last is done. */
async function timeTogether(executors: number, start: (index: number) => Program): Promise<number> {
  const started = Array.from({ length: executors }, (_, index) => start(index))
  for (const program of started) await expectLine(program.read(), 'ready')
  const startedMs = performance.now()
  for (const { child } of started) child.stdin?.write('go\n')
  await Promise.all(started.map((program) => expectLine(program.read(), 'ready')))
  return (performance.now() - startedMs) / 1000
}

async function expectLine(line: Promise<string | undefined>, expected: string): Promise<void> {
  const text = await line
  if (text !== expected) throw new Error(`an executor says ${text}`)
}

/** Bytes of jars and blobs below, each file counted once however many names it has. */
async function bytesOfBlobs(...folders: readonly string[]): Promise<number> {
  const files = new Map<number, number>()
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile() || !/\.jar$|^[0-9a-f]{64}/.test(entry.name)) continue
      const { ino, size } = await lstat(join(entry.parentPath, entry.name))
      files.set(ino, size)
    }
  }
  return [...files.values()].reduce((sum, size) => sum + size, 0)
}
