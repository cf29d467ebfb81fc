/** An uber jar's next versions, shipped to a host that has the one before: three consecutive ones of a real compiler. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pacote from 'pacote'
import { extract } from 'tar'
import { fetchLibrary } from '../../../src/executor/libraries/fetch-library.ts'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { createJarServer } from '../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import type { Figure } from '../measure.ts'

const packageName = 'google-closure-compiler-java'
const versions = ['20261007.0.0', '20261011.0.0', '20261015.0.0']
const { signal } = new AbortController()

interface Arrival {
  readonly sizeBytes: number
  /** Bodies of all answers, the list of chunks included. */
  readonly wireBytes: number
  readonly seconds: number
  readonly cpuSeconds: number
}

export async function* delta(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'delta-'))
  try {
    const jars = await downloadJars(folder)
    if (jars === undefined) {
      console.error('delta: skipped: needs the npm registry')
      return
    }
    const plain = await ship(folder, 'plain', jars, { isCold: true })
    const arrivals = await ship(folder, 'warm', jars, { isCold: false })
    for (const [index, arrival] of arrivals.entries()) {
      const what = index === 0 ? 'first install' : `${versions[index - 1]} to ${versions[index]}`
      yield* figuresOf(`uber jar, ${what}`, arrival, plain[index] ?? arrival)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function* figuresOf(what: string, arrival: Arrival, plain: Arrival): Generator<Figure> {
  const { sizeBytes, wireBytes, seconds, cpuSeconds } = arrival
  yield { case: `${what}: bytes on the wire to the jar's`, value: wireBytes / sizeBytes, unit: '×' }
  yield {
    case: `${what}: until it is there`,
    value: seconds,
    unit: 's',
    peer: 'plain GET',
    peerValue: plain.seconds,
    ratio: seconds / plain.seconds,
  }
  yield { case: `${what}: CPU of both sides`, value: cpuSeconds, unit: 's' }
}

/** Each as `compiler.jar`; undefined where there is no registry. */
async function downloadJars(folder: string): Promise<readonly string[] | undefined> {
  const jars: string[] = []
  for (const version of versions) {
    const target = join(folder, version)
    const tarball = join(folder, `${version}.tgz`)
    const isThere = await pacote.tarball.file(`${packageName}@${version}`, tarball, {}).then(
      () => true,
      () => false,
    )
    if (!isThere) return undefined
    await mkdir(target)
    await extract({ file: tarball, cwd: target, strip: 1 }, ['package/compiler.jar'])
    jars.push(join(target, 'compiler.jar'))
  }
  return jars
}

/** Brings one jar after another into a host's cache; with `isCold`, each into an empty one. */
async function ship(
  folder: string,
  name: string,
  jars: readonly string[],
  { isCold }: { readonly isCold: boolean },
): Promise<readonly Arrival[]> {
  let wireBytes = 0
  const store = await createLibraryStore(join(folder, `${name}-store`))
  const server = createJarServer({
    open: true,
    bind: '127.0.0.1',
    onRequest: ({ sentBytes }) => (wireBytes += sentBytes),
  })
  await server.start()
  const arrivals: Arrival[] = []
  for (const [index, jar] of jars.entries()) {
    const staged = await store.stage([jar])
    server.add(staged)
    const [library] = staged.set.libraries
    if (library === undefined) throw new Error(`${jar} was not staged`)
    const home = join(folder, `${name}-${isCold ? index : 'host'}`)
    const cache = await openHostCache({ folder: home, privateFolder: `${home}-private` })
    const startedAt = performance.now()
    const cpuBefore = process.cpuUsage()
    wireBytes = 0
    await fetchLibrary(library, server.uriOf(library.name), { cache, signal })
    const { user, system } = process.cpuUsage(cpuBefore)
    const seconds = (performance.now() - startedAt) / 1000
    if (!(await readFile(join(home, 'sha256', library.sha256))).equals(await readFile(jar)))
      throw new Error(`${jar} arrived changed`)
    await cache.close()
    const { sizeBytes } = library
    arrivals.push({ sizeBytes, wireBytes, seconds, cpuSeconds: (user + system) / 1e6 })
  }
  await server.close(0)
  return arrivals
}
