/** Reads the library sets from the jar server of a running framework. */
import { once } from 'node:events'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { rootCertificates } from 'node:tls'
import { protocolHint } from '../../client/http/protocol-hint.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { parseManifest } from '../../domain/libraries/library.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { JarcastError, configInvalid, withoutUserinfo } from '../../errors.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { reportSet } from './libs-report.ts'
import type { LibsReport, ReportedSet } from './libs-report.ts'

/** For a whole answer. */
const defaultTimeoutMs = 10_000
const maxStatusBytes = 64 * 1024 * 1024

/**
 * Asks the jar server at `url`. Its certificate is verified with the certificate authorities of
 * Node and with `authority` (PEM). Throws `CONFIG_INVALID` for a wrong address;
 * `LIBRARY_UNAVAILABLE` without an answer of a jar server of this version.
 */
export async function readFromServer(
  url: string,
  authority = '',
  timeoutMs = defaultTimeoutMs,
): Promise<LibsReport> {
  const fetchText = (at: URL): Promise<string> => getText(at, authority, timeoutMs)
  const shown = withoutMac(withoutUserinfo(url))
  const hasUserinfo = withoutUserinfo(url) !== url
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw configInvalid('url', `${shown} is no address such as http://10.0.0.5:41234`)
  if (hasUserinfo)
    throw configInvalid('url', `${shown}: leave user and password out: a jar server needs none`)
  const status = parseJson(await fetchText(new URL('status.json', url.replace(/\/*$/, '/'))))
  const sets = isRecord(status) ? status['sets'] : undefined
  const holders = isRecord(status) && isRecord(status['holders']) ? status['holders'] : undefined
  if (!Array.isArray(sets) || holders === undefined) throw noJarServer(url)
  const reported: ReportedSet[] = []
  for (const summary of sets as readonly unknown[]) {
    const { id, manifest } = isRecord(summary) ? summary : {}
    if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) throw noJarServer(url)
    // The link gives access to the page only; `manifest` is a path with its own permission.
    if (typeof manifest !== 'string' || !/^\/\w/.test(manifest)) throw noJarServer(url)
    const set = parseManifest(await fetchText(new URL(manifest, url)), id)
    const isCurrent = isRecord(status) && status['setId'] === id
    reported.push(reportSet(set, isCurrent, (sha256) => hostsIn(holders[sha256])))
  }
  return { sets: reported }
}

function hostsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((host) => typeof host === 'string') : []
}

async function getText(url: URL, authority: string, timeoutMs: number): Promise<string> {
  const signal = timeoutSignal(timeoutMs)
  try {
    return await readAnswer(await request(url, authority, signal), url)
  } catch (error) {
    const late = new Error(`no whole answer within ${timeoutMs / 1000} s`)
    const cause = signal.aborted ? late : error
    const hint = await protocolHint(url, cause, 'a jar server')
    const { message, code = '' } = cause as NodeJS.ErrnoException
    // If a name has several addresses, Node joins their errors into one without a message.
    const why = message === '' ? code : message
    throw new JarcastError(
      'LIBRARY_UNAVAILABLE',
      `no jar server at ${url.origin}: ${hint === undefined ? why : `${hint} (${why})`}; it runs while its framework does`,
      { cause, details: { url: withoutMac(url.href) } },
    )
  }
}

/** Not with `fetch`, which refuses some ports. */
async function request(url: URL, authority: string, signal: AbortSignal): Promise<IncomingMessage> {
  const options = { agent: false, signal } as const
  const ca = authority === '' ? {} : { ca: [...rootCertificates, authority] }
  const sent =
    url.protocol === 'https:' ? https.get(url, { ...options, ...ca }) : http.get(url, options)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return answer
}

async function readAnswer(answer: IncomingMessage, { pathname }: URL): Promise<string> {
  const { statusCode: status = 0 } = answer
  const isRefused = status === 401 || status === 403
  if (status !== 200) {
    answer.destroy()
    if (!isRefused) throw new Error(`it answered with status ${status} for ${withoutMac(pathname)}`)
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
  const message = `${shown} is no jar server of this version`
  return new JarcastError('LIBRARY_UNAVAILABLE', message, { details: { url: shown } })
}
