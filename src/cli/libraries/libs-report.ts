/** The library sets of a run and who has them: from its jar server while it runs, from its journal at any time. */
import { once } from 'node:events'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { rootCertificates } from 'node:tls'
import { protocolHint } from '../../client/http/protocol-hint.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { parseManifest } from '../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { holdersOf, setsOf } from '../../machines/scheduler/components.ts'
import { hostsOf } from '../../machines/scheduler/delivery/library-holders.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { JarcastError, withoutUserinfo } from '../../errors.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { machineOf } from '../journal/journal-machine.ts'

export interface LibsReport {
  /** The current one last. */
  readonly sets: readonly ReportedSet[]
}

export interface ReportedSet {
  readonly id: string
  /** The set that new tasks get. */
  readonly isCurrent: boolean
  readonly libraries: readonly ReportedLibrary[]
}

export interface ReportedLibrary extends Library {
  /** Hosts whose executors told that they have it. */
  readonly hosts: readonly string[]
}

const timeoutMs = 10_000
const maxStatusBytes = 64 * 1024 * 1024

/**
 * Asks the jar server at `url`, which is checked by the certificates of Node and of `authority` (PEM). Throws `CONFIG_INVALID` for what is no address; `LIBRARY_UNAVAILABLE` when nobody answers, or
 * nobody who is a jar server of this version.
 */
export async function readFromServer(url: string, authority = ''): Promise<LibsReport> {
  const fetchText = (at: URL): Promise<string> => getText(at, authority)
  const shown = withoutMac(withoutUserinfo(url))
  const hasUserinfo = withoutUserinfo(url) !== url
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new JarcastError('CONFIG_INVALID', `${shown} is no address such as http://10.0.0.5:41234`)
  if (hasUserinfo)
    throw new JarcastError(
      'CONFIG_INVALID',
      `${shown}: leave user and password out: a jar server needs none`,
    )
  const status = parseJson(await fetchText(new URL('status.json', url.replace(/\/*$/, '/'))))
  const sets = isRecord(status) ? status['sets'] : undefined
  const holders = isRecord(status) && isRecord(status['holders']) ? status['holders'] : undefined
  if (!Array.isArray(sets) || holders === undefined) throw noJarServer(url)
  const reported: ReportedSet[] = []
  for (const summary of sets as readonly unknown[]) {
    const { id, manifest } = isRecord(summary) ? summary : {}
    if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) throw noJarServer(url)
    // A path of this server: the permission was only for the page.
    if (typeof manifest !== 'string' || !/^\/\w/.test(manifest)) throw noJarServer(url)
    const set = parseManifest(await fetchText(new URL(manifest, url)), id)
    const isCurrent = isRecord(status) && status['setId'] === id
    reported.push(reportOf(set, isCurrent, (sha256) => hostsIn(holders[sha256])))
  }
  return { sets: reported }
}

/** Replays a scheduler's journal to its end. Throws what the replay throws; `CONFIG_INVALID` for an executor's journal. */
export function readFromJournal(path: string): LibsReport {
  if (machineOf(path).machine.id !== schedulerHistory.machine.id)
    throw new JarcastError('CONFIG_INVALID', `${path} is no journal of a scheduler`)
  const { replay } = replayJournal(path, schedulerHistory)
  // Each step has moved the machine once it is asked for.
  for (const _ of replay);
  const holders = holdersOf(replay.snapshot)
  const { sets, current } = setsOf(replay.snapshot)
  const all = Array.from(valuesOf(sets)).toSorted(
    (one, other) => Number(one.id === current) - Number(other.id === current),
  )
  return {
    sets: all.map((set) => reportOf(set, set.id === current, (sha256) => hostsOf(holders, sha256))),
  }
}

function reportOf(
  { id, libraries }: LibrarySet,
  isCurrent: boolean,
  hostsOfLibrary: (sha256: string) => readonly string[],
): ReportedSet {
  const reported = libraries.map((library) => ({
    ...library,
    hosts: hostsOfLibrary(library.sha256),
  }))
  return { id, isCurrent, libraries: reported }
}

function hostsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((host) => typeof host === 'string') : []
}

async function getText(url: URL, authority: string): Promise<string> {
  try {
    return await readAnswer(await request(url, authority), url)
  } catch (cause) {
    const hint = await protocolHint(url, cause, 'a jar server')
    const { message, code = '' } = cause as NodeJS.ErrnoException
    // If a name has several addresses, the errors come as one without a message.
    const why = message === '' ? code : message
    throw new JarcastError(
      'LIBRARY_UNAVAILABLE',
      `no jar server at ${url.origin}: ${hint === undefined ? why : `${hint} (${why})`}; it runs while its framework does`,
      { cause, details: { url: withoutMac(url.href) } },
    )
  }
}

/** `fetch` refuses to call some ports. */
async function request(url: URL, authority: string): Promise<IncomingMessage> {
  const signal = timeoutSignal(timeoutMs)
  const options = { agent: false, signal } as const
  const ca = authority === '' ? {} : { ca: [...rootCertificates, authority] }
  const sent =
    url.protocol === 'https:' ? https.get(url, { ...options, ...ca }) : http.get(url, options)
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return answer
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error
  }
}

async function readAnswer(answer: IncomingMessage, { pathname }: URL): Promise<string> {
  const { statusCode: status = 0 } = answer
  const isRefused = status === 401 || status === 403
  if (status !== 200) {
    answer.destroy()
    if (!isRefused) throw new Error(`it answered ${status} for ${withoutMac(pathname)}`)
    throw new Error(
      `it needs the link of its status page (status ${status}); "run" writes it with --page-link FILE`,
    )
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxStatusBytes) throw new Error(`it answered more than ${maxStatusBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function noJarServer(url: string): JarcastError {
  const shown = withoutMac(url)
  const message = `${shown} answers as no jar server of this version does`
  return new JarcastError('LIBRARY_UNAVAILABLE', message, { details: { url: shown } })
}
