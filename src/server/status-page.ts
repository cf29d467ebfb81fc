/**
 * The status page of a run: `/`, its files under `/ui/`, and its data at `/status.json`.
 */
import type { ReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import type { LibrarySet } from '../domain/libraries/library.ts'
import { blobPath, manifestPath } from './libraries/blob-paths.ts'
import { fail, finish, refuse, responseOver } from './http/exchange.ts'
import type { Exchange } from './http/exchange.ts'
import type { Traffic } from './traffic.ts'

export interface StatusPage {
  /** True for the decoded paths that belong to the page. */
  has(path: string): boolean
  /**
   * Answers GET or HEAD of a path; 404 for paths outside the page. Leaves no descriptor open.
   */
  answer(exchange: Exchange, path: string): Promise<void>
}

export interface StatusSource {
  /** The set added last. */
  readonly set: () => LibrarySet | undefined
  /** All sets served, oldest first. */
  readonly sets: () => readonly LibrarySet[]
  /** The advertised base URL; undefined when the server stops. */
  readonly url: () => string | undefined
  /** Hosts that have a library. */
  readonly holdersOf: (sha256: string) => readonly string[]
  /** Adds a permission to a path; default: leaves it unchanged. */
  readonly sign?: (path: string) => string
  readonly traffic: Traffic
}

/** Maximum number of listed libraries: each page requests all of them every second. */
const maxListed = 1000
/** Maximum number of listed sets, the current one last. */
const maxListedSets = 100
/** Maximum number of listed hosts per library. */
const maxListedHolders = 1000
const ownFolder = fileURLToPath(new URL('../server/page/', import.meta.url))
/** Excludes the page itself, whose links are relative to `/`. */
const pageFile = /^\/ui\/(?!index)([a-z-]+\.[a-z]+)$/

// Library names are untrusted: the page can run and reach only its own files, even after an XSS
// bug.
const contentSecurityPolicy = [
  "default-src 'none'",
  ...['connect', 'img', 'script', 'style'].map((kind) => `${kind}-src 'self'`),
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * `folder`: the files of the page. Default: those of this package. If they are not installed, as in
 * a bundle, they are 404, and `/status.json` still answers.
 */
export function createStatusPage(source: StatusSource, folder = ownFolder): StatusPage {
  const sendFile = openFiles(folder)
  return {
    has: (path) => path === '/' || path === '/status.json' || path.startsWith('/ui/'),
    async answer(exchange, path) {
      const { req, res } = exchange
      const file = path === '/' ? '' : pageFile.exec(path)?.[1]
      if (path === '/status.json') return answerStatus(exchange, statusOf(source))
      if (file === undefined || !sendFile) return refuse(exchange, 404)
      setSafeHeaders(res, 'no-cache')
      // After an upgrade, a file may be shorter or longer than sirv's Content-Length says.
      res.shouldKeepAlive = false
      // sirv gets only a path that is one of its keys, and no Range, since it misreads some.
      req.url = `/${file}`
      delete req.headers.range
      await streamed(exchange, () => sendFile(req, res, () => refuse(exchange, 404)))
    },
  }
}

/** The files are indexed once: they never change. */
function openFiles(folder: string): ReturnType<typeof sirv> | undefined {
  try {
    // No entity tags: npm sets one date for all files, so versions of equal size have equal tags.
    return sirv(folder, { etag: false, dotfiles: false })
  } catch {
    return undefined
  }
}

/**
 * Runs `send`, which pipes one file. Closes the file after an error or a lost client, since sirv
 * leaves it open.
 */
async function streamed(exchange: Exchange, send: () => void): Promise<void> {
  const { res, closed, record } = exchange
  const over = responseOver(res, closed)
  let file: ReadStream | undefined
  res.once('pipe', (source: ReadStream) => {
    file = source
    source.once('error', (error) => fail(exchange, error))
  })
  send()
  await over
  file?.destroy()
  record.status = res.statusCode
  record.sentBytes = file?.bytesRead ?? 0
}

function answerStatus(exchange: Exchange, status: Status): void {
  const { req, res, record } = exchange
  const body = Buffer.from(JSON.stringify(status))
  setSafeHeaders(res, 'no-store')
  if (req.method === 'HEAD') return finish(exchange, 200, jsonHeaders(body))
  record.status = 200
  res.writeHead(200, jsonHeaders(body))
  res.end(body, () => (record.sentBytes = body.length))
}

function jsonHeaders(body: Buffer) {
  return { 'Content-Type': 'application/json', 'Content-Length': body.length }
}

function setSafeHeaders(res: ServerResponse, cacheControl: string): void {
  res.setHeader('Cache-Control', cacheControl)
  res.setHeader('Content-Security-Policy', contentSecurityPolicy)
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Content-Type-Options', 'nosniff')
}

type Status = ReturnType<typeof statusOf>

/** The data of `/status.json`: names, digests, URIs and counters; no paths of this host. */
function statusOf({
  set: currentSet,
  sets,
  url,
  holdersOf,
  sign = (path) => path,
  traffic,
}: StatusSource) {
  const set = currentSet()
  const libraries = set?.libraries ?? []
  return {
    url: url() ?? null,
    setId: set?.id ?? null,
    manifest: set ? sign(manifestPath(set)) : null,
    totals: traffic.totals(),
    hosts: traffic.namedHosts(),
    otherHosts: traffic.otherHosts(),
    libraries: libraries.slice(0, maxListed).map((library) => ({
      ...library,
      path: sign(blobPath(library)),
      ...traffic.ofBlob(library.sha256, library.name),
    })),
    unlisted: Math.max(0, libraries.length - maxListed),
    setBytes: sizeOf(libraries),
    sets: sets()
      .slice(-maxListedSets)
      .map((each) => summaryOf(each, sign)),
    holders: holdersBy(sets().slice(-maxListedSets), holdersOf),
  }
}

/** The hosts that have each library of these sets, by digest. */
function holdersBy(
  sets: readonly LibrarySet[],
  holdersOf: StatusSource['holdersOf'],
): Readonly<Record<string, readonly string[]>> {
  const digests = new Set(sets.flatMap(({ libraries }) => libraries.map(({ sha256 }) => sha256)))
  return Object.fromEntries(
    [...digests]
      .slice(0, maxListed)
      .map((sha256) => [sha256, holdersOf(sha256).slice(0, maxListedHolders)] as const)
      .filter(([, hosts]) => hosts.length > 0),
  )
}

/** Without libraries: these are in the manifest. */
function summaryOf(set: LibrarySet, sign: (path: string) => string) {
  const { id, libraries } = set
  return {
    id,
    manifest: sign(manifestPath(set)),
    count: libraries.length,
    sizeBytes: sizeOf(libraries),
  }
}

function sizeOf(libraries: LibrarySet['libraries']): number {
  return libraries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
