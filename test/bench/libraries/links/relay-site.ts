/** A jar server that plans relays and hosts that fetch, each process in a network namespace of its own. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrograms } from '../../../support/processes/program.ts'
import type { Program, Programs } from '../../../support/processes/program.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { openNetwork } from './netns.ts'
import type { Network, NetworkHost } from './netns.ts'
import { cpuSecondsOf } from '../../support/process-usage.ts'

export const hostCount = 24
export const sizeBytes = 5_000_000
/** Each host has a copy in its cache and one in its sandbox, and the server has two. */
const bytesPerLibrary = sizeBytes * (hostCount + 1) * 2
/** Of the links until the caller sets another. */
const fastRate = '10gbit'

/** The jar server and the machine that plans; says how much it sent when it is asked. */
const serverSource = `
  import { createRuntime } from './journal/runtime/runtime.ts'
  import { relayMachine } from './machines/relay/relay.ts'
  import { createJarServer } from './server/jar-server.ts'
  import { createLibraryStore } from './server/libraries/library-store.ts'
  const [folder, address, ...paths] = process.argv.slice(2)
  const store = await createLibraryStore(folder)
  const libraries = []
  for (const path of paths) libraries.push(await store.stage([path]))
  const runtime = createRuntime(relayMachine, { input: undefined })
  runtime.effect$.subscribe(({ params }) => server.answerRelay(params))
  const server = createJarServer({
    open: true,
    libraries, bind: address, advertise: address,
    onRelay: (event) => runtime.dispatch(event),
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

export interface Round {
  /** Until the last host that was not killed had its set. */
  readonly seconds: number
  /** CPU of the server and all hosts meanwhile, in seconds. */
  readonly cpuSeconds: number
  readonly serverBytes: number
}

/** A server and hosts that run, each with a link of its own. */
export interface Site {
  readonly network: Pick<Network, 'setRate'>
  readonly hosts: readonly Program[]
  /** Has all fetch their next library; those of `doomed` are killed after so many ms. */
  fetch(doomed?: { readonly hosts: readonly Program[]; readonly afterMs: number }): Promise<Round>
  /** How many of these hosts have other bytes than were staged. */
  wrong(hosts?: readonly Program[]): Promise<number>
  close(): Promise<void>
}

/** Serves so many libraries, one after the other. Undefined where there can be no such network. */
export async function openSite(libraries: number, liars = 0): Promise<Site | undefined> {
  const network = openNetwork(hostCount + 1, fastRate)
  if (network === undefined) return undefined
  const { path: folder, remove } = await makeMemoryFolder(libraries * bytesPerLibrary)
  const programs = await createPrograms()
  const [place, ...places] = network.hosts
  const server = await startServer(programs, folder, place, libraries)
  const bundle = await programs.bundle(hostSource)
  const hosts = places.map(({ through }, index) => {
    const role = index < liars ? 'liar' : 'honest'
    return programs.start(bundle, [join(folder, `h${index}`), role, ...server.uris], through)
  })
  // Without those that were killed.
  const cpuSeconds = (): number =>
    [server.program, ...hosts]
      .filter(({ child }) => child.exitCode === null && child.signalCode === null)
      .reduce((sum, { child }) => sum + cpuSecondsOf(child.pid ?? 0), 0)
  return {
    network,
    hosts,
    async fetch(doomed = { hosts: [], afterMs: 0 }) {
      await Promise.all(hosts.map((host) => expectLine(host, 'ready')))
      const bytesBefore = await server.bytesServed()
      const [cpuBefore, startedMs] = [cpuSeconds(), performance.now()]
      for (const { child } of hosts) child.stdin?.write('go\n')
      const killing = setTimeout(
        () => doomed.hosts.forEach((host) => void host.kill()),
        doomed.afterMs,
      )
      const awaited = hosts.filter((host) => !doomed.hosts.includes(host))
      await Promise.all(awaited.map((host) => expectLine(host, 'ready')))
      clearTimeout(killing)
      const seconds = (performance.now() - startedMs) / 1000
      return {
        seconds,
        cpuSeconds: cpuSeconds() - cpuBefore,
        serverBytes: (await server.bytesServed()) - bytesBefore,
      }
    },
    async wrong(asked = hosts) {
      for (const { child } of asked) child.stdin?.write('check\n')
      const ends = await Promise.all(asked.map((host) => host.read()))
      return ends.filter((end) => end !== 'right').length
    },
    async close() {
      await programs.close()
      remove()
      network.close()
    },
  }
}

/** Serves libraries, as if it had a machine of its own. */
async function startServer(
  programs: Programs,
  folder: string,
  place: NetworkHost | undefined,
  libraries: number,
) {
  const paths = Array.from({ length: libraries }, (_, index) => join(folder, `${index}.jar`))
  for (const path of paths) await writeFile(path, randomBytes(sizeBytes))
  const { address, through } = place ?? { address: '', through: [] }
  const ahead = [...through, 'nice', '-n', '-15']
  const args = [join(folder, 'store'), address, ...paths]
  const program = programs.start(await programs.bundle(serverSource), args, ahead)
  return {
    program,
    uris: JSON.parse((await program.read()) ?? '[]') as readonly string[],
    async bytesServed() {
      program.child.stdin?.write('stats\n')
      return Number(await program.read())
    },
  }
}

async function expectLine(program: Program, expected: string): Promise<void> {
  const text = await program.read()
  if (text !== expected) throw new Error(`an executor says ${text}`)
}
