/** Runs as files: what a reader saves from the page, and opens on it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf } from '../../errors.ts'
import type { Access } from './access.ts'
import type { ListedApp } from './app-table.ts'
import { createImports } from './imports.ts'
import type { ImportOptions } from './imports.ts'

export interface Exchange {
  /** Answers a request for `/inspector/import` or `/inspector/export`; false for any other. */
  serve(req: IncomingMessage, res: ServerResponse): boolean
  /** Forgets what was opened. */
  close(): void
}

export interface ExchangeOptions extends ImportOptions {
  readonly access: Pick<Access, 'isPermitted'>
}

const base = 'http://inspector'

export function createExchange(options: ExchangeOptions): Exchange {
  const { access, apps } = options
  const imports = createImports(options)
  return {
    serve(req, res) {
      const url = req.url ?? ''
      if (!URL.canParse(url, base)) return false
      const { pathname, searchParams } = new URL(url, base)
      const isImport = pathname === '/inspector/import' && req.method === 'POST'
      const isExport = pathname === '/inspector/export' && req.method === 'GET'
      if (!isImport && !isExport) return false
      if (!access.isPermitted(req)) refuse(res, 401, 'a token is needed')
      else if (isExport) void exportApp(apps.get(searchParams.get('app') ?? ''), searchParams, res)
      else void importFile(req, res, searchParams.get('name') ?? '')
      return true
    },
    close: () => imports.close(),
  }

  async function importFile(req: IncomingMessage, res: ServerResponse, name: string) {
    try {
      const app = await imports.open(req, name)
      answer(res, 200, 'application/json', JSON.stringify({ app }))
    } catch (error) {
      refuse(res, 400, messageOf(error))
    }
  }
}

async function exportApp(
  app: ListedApp | undefined,
  params: URLSearchParams,
  res: ServerResponse,
): Promise<void> {
  const file = app && fileOf(app, params.get('as') ?? 'lines')
  if (file === undefined) {
    refuse(res, 404, 'there is no such run, or it cannot be saved so')
    return
  }
  setHeaders(res, file.type)
  res.setHeader('Content-Disposition', `attachment; filename="${file.name}"`)
  // A reader that goes away ends it; the page shows that the file is not whole.
  await pipeline(Readable.from(file.pieces), res).catch(() => res.destroy())
}

interface SavedFile {
  readonly type: string
  readonly name: string
  readonly pieces: AsyncIterable<string>
}

/** Undefined if the run cannot be saved so. */
function fileOf(app: ListedApp, as: string): SavedFile | undefined {
  const { name, features } = app.info()
  if (as === 'lines' && app.save !== undefined && features.includes('export')) {
    const type = 'application/x-ndjson'
    return { type, name: fileName(name, 'ndjson'), pieces: inChunks(app.save()) }
  }
  if (as === 'page' && app.savePage !== undefined && features.includes('exportPage'))
    return {
      type: 'text/html; charset=utf-8',
      name: fileName(name, 'html'),
      pieces: app.savePage(),
    }
  return undefined
}

const chunkChars = 64 * 1024

/** Lines by the chunk: one write for each would take far longer. */
async function* inChunks(
  lines: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void> {
  let chunk = ''
  for await (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < chunkChars) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

function fileName(name: string, ending: string): string {
  const plain = name.replace(/\.ndjson$/, '').replace(/[^\w.-]+/g, '-')
  return `${plain.slice(0, 100) || 'run'}.${ending}`
}

function refuse(res: ServerResponse, status: number, reason: string): void {
  // What is left of a body is not read.
  res.setHeader('Connection', 'close')
  answer(res, status, 'text/plain; charset=utf-8', `${reason}\n`)
}

function answer(res: ServerResponse, status: number, type: string, body: string): void {
  setHeaders(res, type)
  res.statusCode = status
  res.end(body)
}

function setHeaders(res: ServerResponse, type: string): void {
  res.setHeader('Content-Type', type)
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('X-Content-Type-Options', 'nosniff')
}
