/**
 * How the next version of a large library gets to a host that has the one before: three consecutive versions of a real
 * compiler, over loopback and behind a link of 50 Mbit/s, beside the same versions on a host that has none.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pacote from 'pacote'
import { extract } from 'tar'
import type { Library } from '../../../src/domain/libraries/library.ts'
import { createPrograms } from '../../support/processes/program.ts'
import type { Program } from '../../support/processes/program.ts'
import { cpuPerUnit, figureOf, median, secondsIn } from '../support/measure.ts'
import type { Cost, Figure } from '../support/measure.ts'
import { networkNeeds, openNetwork } from './links/netns.ts'

const packageName = 'google-closure-compiler-java'
const versions = ['20261007.0.0', '20261011.0.0', '20261015.0.0']
const slowRate = '50mbit'
const fastRate = '10gbit'
const rounds = 5

const serverSource = `
  import { createJarServer } from './server/jar-server.ts'
  import { createLibraryStore } from './server/libraries/library-store.ts'
  const [folder, address, ...paths] = process.argv.slice(2)
  const store = await createLibraryStore(folder)
  const server = createJarServer({ open: true, bind: address, advertise: address })
  await server.start()
  const shipments = []
  for (const path of paths) {
    const staged = await store.stage([path])
    server.add(staged)
    const [library] = staged.set.libraries
    shipments.push({ library, uri: server.uriOf(library.name) })
  }
  console.log(JSON.stringify(shipments))
  process.stdin.on('data', () => console.log(server.stats().bytesServed))`

/** The part of an executor that brings a library into the host's cache; one folder is one host. */
const hostSource = `
  import { createInterface } from 'node:readline'
  import { fetchLibrary } from './executor/libraries/fetch-library.ts'
  import { openHostCache } from './executor/libraries/cache/host-cache.ts'
  const { signal } = new AbortController()
  for await (const line of createInterface(process.stdin)) {
    const { folder, library, uri } = JSON.parse(line)
    const cache = await openHostCache({ folder, privateFolder: folder + '-private' })
    const startedMs = performance.now()
    const before = process.cpuUsage()
    await fetchLibrary(library, uri, { cache, signal })
    const { user, system } = process.cpuUsage(before)
    const seconds = (performance.now() - startedMs) / 1000
    await cache.close()
    console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }))
  }`

interface Shipment {
  readonly library: Library
  readonly uri: string
}

interface Arrival extends Cost {
  /** Bodies of all answers, the list of chunks included. */
  readonly wireBytes: number
}

/** A server and a host, and the link between them. */
interface Site {
  readonly shipments: readonly Shipment[]
  setRate(rate: string): void
  fetch(shipment: Shipment, folder: string): Promise<Arrival>
  close(): Promise<void>
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'delta-'))
  try {
    const jars = await downloadJars(folder)
    if (jars === undefined) {
      console.error('delta: skipped: needs the npm registry')
      return
    }
    const near = await openSite(join(folder, 'loopback'), jars)
    yield* measureAt('over loopback', near, folder, 1.2)
    const slow = await openSite(join(folder, 'slow'), jars, slowRate)
    if (slow === undefined) console.error(`delta at 50 Mbit/s: skipped: ${networkNeeds}`)
    yield* measureAt('at 50 Mbit/s', slow, folder, 0.25)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function* measureAt(
  where: string,
  site: Site | undefined,
  folder: string,
  atMost: number,
): AsyncGenerator<Figure> {
  if (site === undefined) return
  const deltas = versions.map((): Arrival[] => [])
  const plains = versions.map((): Arrival[] => [])
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index, shipment] of site.shipments.entries()) {
        const home = join(folder, `${where}-${round}`)
        // Only the versions that follow are slow.
        site.setRate(index === 0 ? fastRate : slowRate)
        const arrival = await site.fetch(shipment, home)
        if (index === 0) continue
        const plain = await site.fetch(shipment, `${home}-${index}`)
        // What runs first is not yet compiled.
        if (round === 0) continue
        deltas[index]?.push(arrival)
        plains[index]?.push(plain)
      }
    }
  } finally {
    await site.close()
  }
  for (const [index, { library }] of site.shipments.entries()) {
    if (index === 0) continue
    const what = `uber jar, ${versions[index - 1]} to ${versions[index]}, ${where}`
    const arrivals = { deltas: deltas[index] ?? [], plains: plains[index] ?? [] }
    yield* figuresOf(what, library.sizeBytes, arrivals, atMost)
  }
}

function* figuresOf(
  what: string,
  sizeBytes: number,
  { deltas, plains }: Readonly<Record<'deltas' | 'plains', readonly Arrival[]>>,
  atMost: number,
): Generator<Figure> {
  const row = { case: `${what}: until it is there`, unit: 's', limit: { atMost } }
  const figure = figureOf(row, secondsIn(deltas), ['plain GET', secondsIn(plains)])
  yield { ...figure, ...cpuPerUnit(1, deltas, plains) }
  const wireBytes = median(deltas.map((one) => one.wireBytes))
  yield { case: `${what}: bytes on the wire to the jar's`, value: wireBytes / sizeBytes, unit: '×' }
}

/** Over loopback, or behind links of `rate`; undefined where there can be no such links. */
async function openSite(
  folder: string,
  jars: readonly string[],
  rate?: string,
): Promise<Site | undefined> {
  const network = rate === undefined ? undefined : openNetwork(2, rate)
  if (rate !== undefined && network === undefined) return undefined
  const programs = await createPrograms()
  const [there, here] = network?.hosts ?? []
  const args = [folder, there?.address ?? '127.0.0.1', ...jars]
  const server = programs.start(await programs.bundle(serverSource), args, there?.through)
  const host = programs.start(await programs.bundle(hostSource), [], here?.through)
  const shipments = await ask<readonly Shipment[]>(server)
  return {
    shipments,
    setRate: (changed) => network?.setRate(changed),
    async fetch(shipment, home) {
      const before = await ask<number>(server, 'stats')
      const arrival = await ask<Arrival>(host, JSON.stringify({ folder: home, ...shipment }))
      return { ...arrival, wireBytes: (await ask<number>(server, 'stats')) - before }
    },
    async close() {
      await programs.close()
      network?.close()
    },
  }
}

/** Writes a line, if one is given, and reads the answer. */
async function ask<Answer>(program: Program, line?: string): Promise<Answer> {
  if (line !== undefined) program.child.stdin?.write(`${line}\n`)
  return JSON.parse((await program.read()) ?? 'null') as Answer
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
