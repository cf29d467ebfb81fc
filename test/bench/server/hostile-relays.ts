/** A host whose sources all misbehave, beside the jar server alone. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Library } from '../../../src/domain/libraries/library.ts'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { fetchLibrary } from '../../../src/executor/libraries/fetch-library.ts'
import { Relay } from '../../../src/executor/libraries/relay/relay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { relayMachine } from '../../../src/machines/relay/relay.ts'
import { createJarServer } from '../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import type { Figure } from '../support/measure.ts'

const sizeBytes = 10_000_000
const egressBytesPerSecond = 10_000_000
/** A run is cut then. */
const maxMs = 20_000
const peers = 8

function begin(res: ServerResponse): void {
  res.writeHead(200, { 'content-length': sizeBytes }).flushHeaders()
}

const misdeeds: Readonly<Record<string, RequestListener>> = {
  'drip 2 bytes/s': (_req, res) => {
    begin(res)
    const timer = setInterval(() => res.write('x'), 500)
    res.on('close', () => clearInterval(timer))
  },
  'never answer': () => undefined,
  'send other bytes': (_req, res) => res.end(Buffer.alloc(sizeBytes / 4)),
  'answer 503 for ever': (_req, res) => res.writeHead(503).end(),
  'send a head and no body': (_req, res) => begin(res),
}

export async function* hostileRelays(): AsyncGenerator<Figure> {
  const alone = await measure(undefined)
  for (const [what, answer] of Object.entries(misdeeds)) {
    const value = await measure(answer)
    yield {
      case: `10 MB at 10 MB/s, all ${peers} sources ${what} (cut at ${maxMs / 1000} s)`,
      value,
      unit: 's',
      peer: 'server alone',
      peerValue: alone,
      ratio: value / alone,
    }
  }
}

/** Seconds until the library is there. */
async function measure(answer: RequestListener | undefined): Promise<number> {
  const ends: (() => unknown)[] = []
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  ends.push(() => rm(folder, { recursive: true, force: true }))
  try {
    await writeFile(join(folder, 'large.jar'), randomBytes(sizeBytes))
    const store = await createLibraryStore(join(folder, 'store'))
    const libraries = await store.stage([join(folder, 'large.jar')])
    const library = libraries.set.libraries[0] as Library
    const runtime = createRuntime(relayMachine, {
      input: undefined,
    })
    runtime.effect$.subscribe(({ params }) => server.answerRelay(params as never))
    const server = createJarServer({
      ...({ open: true } as object),
      libraries,
      egressBytesPerSecond,
      bind: '127.0.0.1',
      ...(answer && { onRelay: (event) => runtime.dispatch(event) }),
    })
    runtime.start()
    const url = await server.start()
    ends.push(
      () => server.close(0),
      () => runtime.stop(),
    )
    for (let count = 0; count < (answer ? peers : 0); count += 1) {
      ends.push(await joinHostile(`${url}/relays`, library.sha256, answer as RequestListener))
    }
    const cache = await openHostCache({
      folder: join(folder, 'cache'),
      privateFolder: join(folder, 'private'),
    })
    const relay = new Relay()
    ends.push(
      () => cache.close(),
      () => relay.close(),
    )
    const startedMs = performance.now()
    const signal = AbortSignal.timeout(maxMs)
    await fetchLibrary(library, server.uriOf('large.jar'), {
      cache,
      signal,
      ...(answer && { relay }),
    }).catch(() => undefined)
    return (performance.now() - startedMs) / 1000
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** Joins, and says that it has all, so that it is the first choice for every stripe. */
async function joinHostile(endpoint: string, sha256: string, answer: RequestListener) {
  const hostile = createServer((req, res) => {
    res.on('error', () => undefined)
    answer(req, res)
  })
  hostile.listen(0, '127.0.0.1')
  await once(hostile, 'listening')
  const { port } = hostile.address() as AddressInfo
  const ended = new AbortController()
  const post = (type: string) =>
    fetch(endpoint, {
      method: 'POST',
      body: JSON.stringify({ type, sha256, port }),
      signal: ended.signal,
    })
  const joined = await post('join')
  void joined.text().catch(() => undefined)
  await post('finish')
  return () => {
    ended.abort()
    hostile.closeAllConnections()
    hostile.close()
  }
}
