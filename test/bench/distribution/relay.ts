/**
 * 24 hosts, each behind a link of 50 Mbit/s as the server is, are given the same 5 MB at the same moment. They run already, and
 * have fetched another library in the same way: all 24 share the processors of one machine, where none may spend its time on
 * warming up.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPrograms } from '../../support/processes/program.ts'
import type { Program, Programs } from '../../support/processes/program.ts'
import type { Figure } from '../measure.ts'
import { openNetwork } from './netns.ts'
import type { NetworkHost } from './netns.ts'

const hostCount = 24
const sizeBytes = 5_000_000
const rate = '50mbit'

/** The jar server and the machine that plans; says how much it sent when it is asked. */
const serverSource = `
  import { createRuntime } from './journal/runtime/runtime.ts'
  import { relayMachine } from './machines/relay/relay.ts'
  import { createJarServer } from './server/jar-server.ts'
  import { createLibraryStore } from './server/libraries/library-store.ts'
  const [folder, address, relay, ...paths] = process.argv.slice(2)
  const store = await createLibraryStore(folder)
  const libraries = []
  for (const path of paths) libraries.push(await store.stage([path]))
  const runtime = createRuntime(relayMachine, { input: undefined })
  runtime.effect$.subscribe(({ params }) => server.answerRelay(params))
  const server = createJarServer({
    open: true,
    libraries, bind: address, advertise: address,
    ...(relay === 'on' && { onRelay: (event) => runtime.dispatch(event) }),
  })
  runtime.start()
  await server.start()
  console.log(JSON.stringify(libraries.map(({ set: { id } }) => server.url + '/sets/' + id + '.json')))
  process.stdin.on('data', () => console.log(server.stats().bytesServed))`

/** The part of an executor that brings sets into its sandbox, when it is told to. A liar flips a bit in all it passes on. */
const hostSource = `
  import { createHash } from 'node:crypto'
  import { once } from 'node:events'
  import { readFile } from 'node:fs/promises'
  import { ServerResponse } from 'node:http'
  import { createActor } from 'xstate'
  import { Downloads } from './executor/libraries/downloads.ts'
  import { openHostCache } from './executor/libraries/cache/host-cache.ts'
  import { Relay } from './executor/libraries/relay/relay.ts'
  import { downloaderMachine } from './machines/downloader/downloader.ts'
  const [folder, role, ...uris] = process.argv.slice(2)
  if (role === 'liar') {
    const { write } = ServerResponse.prototype
    ServerResponse.prototype.write = function (bytes, ...rest) {
      const lie = Buffer.from(bytes)
      lie[lie.length >> 1] ^= 1
      return write.call(this, lie, ...rest)
    }
  }
  let fetched
  let actor
  const downloads = new Downloads({
    sandbox: folder + '/sandbox',
    cache: await openHostCache({ folder: folder + '/cache', privateFolder: folder + '/private' }),
    relay: new Relay(),
    backOffMs: 500,
    sendMessage: (message) => { if (message.type === 'library.fetched') fetched = message },
  })
  const performed = (name) => async (_, params) => actor.send(await downloads[name](params))
  const machine = downloaderMachine.provide({ actions: {
    'fx.fetchManifest': performed('fetchManifest'), 'fx.fetchLibrary': performed('fetchLibrary'),
    'fx.installSet': performed('installSet'),
  } })
  for (const uri of uris) {
    console.log('ready')
    await once(process.stdin, 'data')
    const setId = uri.split('/').at(-1).replace('.json', '')
    const input = { setId, source: { kind: 'manifest', uri }, maxAttempts: 6, concurrency: 4 }
    actor = createActor(machine, { input })
    const done = new Promise((resolve) => actor.subscribe({ complete: resolve }))
    actor.start()
    await done
    console.log(actor.getSnapshot().value)
    // Only when all have it: the processors are shared.
    await once(process.stdin, 'data')
    const bytes = await readFile(folder + '/cache/sha256/' + fetched.sha256)
    const digest = createHash('sha256').update(bytes).digest('hex')
    console.log(digest === fetched.sha256 ? 'right' : 'wrong')
  }
  process.stdin.resume()`

export interface RelayRun {
  /** Until the last host that was not killed had its set. */
  readonly seconds: number
  readonly serverBytes: number
  /** Hosts that ended with other bytes than were staged. */
  readonly wrong: number
}

export interface RelayRunOptions {
  readonly relay: boolean
  /** Hosts killed after so many ms. */
  readonly killed?: { readonly hosts: number; readonly afterMs: number }
  readonly liars?: number
}

/** Undefined where there can be no such network. */
async function measureRelay(options: RelayRunOptions): Promise<RelayRun | undefined> {
  const network = openNetwork(hostCount + 1, rate)
  if (network === undefined) return undefined
  // In memory if there is such a folder: one disk for all would have to write what 24 would.
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'relay-'))
  const programs = await createPrograms()
  try {
    const { relay, killed = { hosts: 0, afterMs: 0 }, liars = 0 } = options
    const [place, ...places] = network.hosts
    const server = await startServer(programs, folder, place, relay)
    const bundle = await programs.bundle(hostSource)
    const hosts = places.map(({ through }, index) => {
      const role = index < liars ? 'liar' : 'honest'
      return programs.start(bundle, [join(folder, `h${index}`), role, ...server.uris], through)
    })
    await installAll(hosts)
    if ((await checkAll(hosts)) > 0) throw new Error('the first library came wrong')
    const before = await server.bytesServed()
    const doomed = new Set(hosts.slice(liars, liars + killed.hosts))
    const killing = setTimeout(() => doomed.forEach((host) => void host.kill()), killed.afterMs)
    const staying = hosts.filter((host) => !doomed.has(host))
    const seconds = await installAll(hosts, staying)
    clearTimeout(killing)
    const wrong = await checkAll(staying)
    return { seconds, serverBytes: (await server.bytesServed()) - before, wrong }
  } finally {
    await programs.close()
    await rm(folder, { recursive: true })
    network.close()
  }
}

export async function* relayTree(): AsyncGenerator<Figure> {
  const what = `${hostCount} hosts × 5 MB at 50 Mbit/s`
  const relayed = await measureRelay({ relay: true })
  if (relayed === undefined) {
    console.error(`${what}: skipped: needs root and ip netns`)
    return
  }
  const plain = await measureRelay({ relay: false })
  const peerValue = plain?.seconds ?? Number.NaN
  yield {
    case: `${what}: until the last has it`,
    value: relayed.seconds,
    unit: 's',
    peer: 'all from the server',
    peerValue,
    ratio: relayed.seconds / peerValue,
  }
  const sent = relayed.serverBytes / sizeBytes
  yield { case: `${what}: bytes served to the file`, value: sent, unit: '×' }
  const trouble = { killed: { hosts: 5, afterMs: 500 }, liars: 1 }
  const troubled = await measureRelay({ relay: true, ...trouble })
  if (troubled === undefined) return
  const worse = `${what}, 5 killed on the way, 1 lying`
  yield { case: `${worse}: until the last has it`, value: troubled.seconds, unit: 's' }
  yield {
    case: `${worse}: bytes served to the file`,
    value: troubled.serverBytes / sizeBytes,
    unit: '×',
  }
  yield { case: `${worse}: hosts with wrong bytes`, value: troubled.wrong, unit: '' }
}

/** Serves two libraries, as if it had a machine of its own. */
async function startServer(
  programs: Programs,
  folder: string,
  place: NetworkHost | undefined,
  relay: boolean,
) {
  const paths = [join(folder, 'first.jar'), join(folder, 'second.jar')] as const
  for (const path of paths) await writeFile(path, randomBytes(sizeBytes))
  const { address, through } = place ?? { address: '', through: [] }
  const args = [join(folder, 'store'), address, relay ? 'on' : 'off', ...paths]
  const ahead = [...through, 'nice', '-n', '-15']
  const program = programs.start(await programs.bundle(serverSource), args, ahead)
  return {
    uris: JSON.parse((await program.read()) ?? '[]') as readonly string[],
    async bytesServed() {
      program.child.stdin?.write('stats\n')
      return Number(await program.read())
    },
  }
}

/** Has all begin once all are ready; resolves to the seconds until the last of `awaited` is. */
async function installAll(
  hosts: readonly Program[],
  awaited: readonly Program[] = hosts,
): Promise<number> {
  await Promise.all(hosts.map((host) => expectLine(host, 'ready')))
  const startedMs = performance.now()
  for (const { child } of hosts) child.stdin?.write('go\n')
  await Promise.all(awaited.map((host) => expectLine(host, 'ready')))
  return (performance.now() - startedMs) / 1000
}

/** Has all look at what they have; resolves to how many have something wrong. */
async function checkAll(hosts: readonly Program[]): Promise<number> {
  for (const { child } of hosts) child.stdin?.write('check\n')
  const ends = await Promise.all(hosts.map((host) => host.read()))
  return ends.filter((end) => end !== 'right').length
}

async function expectLine(program: Program, expected: string): Promise<void> {
  const text = await program.read()
  if (text !== expected) throw new Error(`an executor says ${text}`)
}
