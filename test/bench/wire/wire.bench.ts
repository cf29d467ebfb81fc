/** What reading and writing Mesos' messages costs, beside what others use for it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { from } from 'rxjs'
import { encodeMessage, schedulerCodec } from '../../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import { decodeEvents } from '../../../src/streams/decode-events.ts'
import { costsOfEach, cpuPerUnit, rate, secondsIn } from '../support/measure.ts'
import type { Cost, Figure } from '../support/measure.ts'
import { acceptOf } from './accept.ts'
import { installBufbuild } from './bufbuild-peer.ts'
import type { BufbuildPeer } from './bufbuild-peer.ts'
import { buildGoPeer, startGoPeer } from './go-peer.ts'
import { mediaTypeOf, streamOf } from './streams.ts'
import type { Encoding, Kind } from './streams.ts'

type Work = () => void | Promise<Cost>

/** As a socket gives them. */
const chunkBytes = 65_536
const tasks = 1000
const calls = 50
/** A stream is read so often per round. */
const passes = 4
const limit = { atLeast: 1 }

/** What else can decode and encode here. */
interface Others {
  readonly folder: string
  readonly go: ((args: readonly string[]) => Work) | undefined
  readonly bufbuild: ((fullName: string) => BufbuildPeer) | undefined
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const others = await prepareOthers(folder, ends)
    for (const encoding of ['protobuf', 'json'] as const) {
      yield* decoding('OFFERS', encoding, others)
      yield* decoding('UPDATE', encoding, others)
      yield* encodingOf(encoding, others)
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

async function prepareOthers(folder: string, ends: (() => unknown)[]): Promise<Others> {
  const go = await buildGoPeer(folder)
  if ('why' in go) console.error(`mesos-go: skipped: ${go.why}`)
  const bufbuild = await installBufbuild(folder)
  if ('why' in bufbuild) console.error(`@bufbuild/protobuf: skipped: ${bufbuild.why}`)
  return {
    folder,
    go: 'why' in go ? undefined : (args) => startGoPeer(go.program, args, ends),
    bufbuild: 'why' in bufbuild ? undefined : bufbuild,
  }
}

async function* decoding(
  kind: Kind,
  encoding: Encoding,
  { folder, go, bufbuild }: Others,
): AsyncGenerator<Figure> {
  const { bytes } = streamOf(kind, encoding)
  const file = join(folder, `${kind}.${encoding}`)
  await writeFile(file, bytes)
  const records = createRecordDecoder().push(bytes)
  const event = bufbuild?.('mesos.v1.scheduler.Event')
  const forEach = (read: (record: Uint8Array) => unknown) =>
    repeat(passes, () => records.forEach(read))
  const ours = repeat(passes, () => decode(bytes, encoding))
  yield* compare(`decode ${kind}, ${encoding}`, bytes.length * passes, ours, {
    'mesos-go': go?.(['decode', encoding, file, String(passes)]),
    ...(encoding === 'json'
      ? { 'JSON.parse': forEach((record) => JSON.parse(toText(record))) }
      : { '@bufbuild/protobuf': event && forEach(event.decode) }),
  })
}

/** The way from the socket to the machines. */
function decode(bytes: Uint8Array, encoding: Encoding): void {
  const chunks = function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const codec = schedulerCodec(mediaTypeOf(encoding))
  from(chunks()).pipe(decodeEvents(codec)).subscribe()
}

async function* encodingOf(
  encoding: Encoding,
  { folder, go, bufbuild }: Others,
): AsyncGenerator<Figure> {
  const call = acceptOf(tasks)
  const codec = schedulerCodec(mediaTypeOf(encoding))
  const bytes = codec.encodeCall(call)
  const file = join(folder, `ACCEPT.${encoding}`)
  await writeFile(file, bytes)
  const peer = bufbuild?.('mesos.v1.scheduler.Call')
  const message = peer?.decode(
    encodeMessage('mesos.v1.scheduler.Call', call, mediaTypeOf('protobuf')),
  )
  const what = `encode ACCEPT of ${tasks} tasks, ${encoding}`
  yield* compare(
    what,
    bytes.length * calls,
    repeat(calls, () => codec.encodeCall(call)),
    {
      'mesos-go': go?.(['encode', encoding, file, String(calls)]),
      ...(encoding === 'json'
        ? { 'JSON.stringify': repeat(calls, () => Buffer.from(JSON.stringify(call))) }
        : { '@bufbuild/protobuf': peer && repeat(calls, () => peer.encode(message)) }),
    },
  )
}

function repeat(count: number, work: () => unknown): () => void {
  return () => {
    for (let index = 0; index < count; index++) work()
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
}

async function* compare(
  what: string,
  bytes: number,
  ours: Work,
  peers: Readonly<Record<string, Work | undefined>>,
): AsyncGenerator<Figure> {
  const present = Object.entries(peers).filter((peer): peer is [string, Work] => !!peer[1])
  const megabytes = bytes / 1e6
  const [own = [], ...theirs] = await costsOfEach([ours, ...present.map(([, work]) => work)])
  for (const [index, peer] of theirs.entries()) {
    const [name = ''] = present[index] ?? []
    const peerSeconds = [name, secondsIn(peer)] as const
    const figure = rate(what, megabytes, secondsIn(own), 'MB/s', peerSeconds, limit)
    yield { ...figure, ...cpuPerUnit(megabytes, own, peer) }
  }
}
