/** The files of the page, with headers that let nothing but them run. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import sirv from 'sirv'
import { packageRoot } from '../../package-root.ts'

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const pageFile = /^\/(?:|[a-z-]+\.(?:js|css|svg|html))$/

const pageFolder = join(packageRoot(), 'dist/inspector/page')

/** Answers GET and HEAD of the page's own files; anything else is 404. */
export function createPageFiles(
  folder = pageFolder,
): (req: IncomingMessage, res: ServerResponse) => void {
  const sendFile = openFiles(folder)
  return (req, res) => {
    setSafeHeaders(res)
    const [path = ''] = (req.url ?? '').split('?')
    if ((req.method !== 'GET' && req.method !== 'HEAD') || !pageFile.test(path))
      return notFound(res)
    req.url = path
    // sirv misreads some of them.
    delete req.headers.range
    sendFile(req, res, () => notFound(res))
  }
}

/**
 * Files are looked up for each request: an upgrade may replace them while the server runs. Where
 * the page was not built, they are 404.
 */
function openFiles(folder: string): ReturnType<typeof sirv> {
  if (!existsSync(folder))
    return (_req, _res, next) => {
      void next?.()
    }
  return sirv(folder, { dev: true, etag: false, dotfiles: false })
}

function setSafeHeaders(res: ServerResponse): void {
  res.setHeader('Cache-Control', 'no-cache')
  res.setHeader('Content-Security-Policy', contentSecurityPolicy)
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Content-Type-Options', 'nosniff')
}

function notFound(res: ServerResponse): void {
  res.statusCode = 404
  res.end('Not found\n')
}
