/** The status page of a run: `/`, its files under `/ui/`, and its data at `/status.json`. */
import type { ReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { packageRoot } from '../package-root.ts'
import { statusOf } from './status-data.ts'
import type { JarServerStatus, StatusSource } from './status-data.ts'
import { fail, finish, refuse, responseOver } from './http/exchange.ts'
import type { Exchange } from './http/exchange.ts'

export interface StatusPage {
  /** True for the decoded paths that belong to the page. */
  has(path: string): boolean
  /**
   * Answers GET or HEAD of a path; 404 for paths outside the page. Leaves no descriptor open.
   */
  answer(exchange: Exchange, path: string): Promise<void>
}

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
export function createStatusPage(source: StatusSource, folder?: string): StatusPage {
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
function openFiles(folder?: string): ReturnType<typeof sirv> | undefined {
  try {
    const files = folder ?? join(packageRoot(), 'dist/server/page')
    // No entity tags: npm sets one date for all files, so versions of equal size have equal tags.
    return sirv(files, { etag: false, dotfiles: false })
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

function answerStatus(exchange: Exchange, status: JarServerStatus): void {
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
