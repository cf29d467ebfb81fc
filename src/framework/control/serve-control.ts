/** The answers of a running framework over HTTP, as JSON. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isRecord, parseJson } from '../../domain/json.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { ControlAnswers, StopMode } from './control-answers.ts'

const maxBodyBytes = 1024 * 1024
const linesPerWrite = 500

/** Those who read the output of tasks, and need the cluster until they have read all. */
export interface Readers {
  readonly size: number
  /** Tells them that the run has ended. */
  end(): void
}

/**
 * `GET /status`, `/tasks` (a line for each), `/task?id=`, `/access`; `POST /kill`, `/stop`. The
 * answer to `GET /hold` does not end: its reader is one of the readers for so long.
 */
export function serveControl(server: Server, answers: ControlAnswers): Readers {
  const readers = new Set<ServerResponse>()
  server.on('request', (request, response) => {
    if (request.url === '/hold') return hold(response, readers)
    answer(request, response, answers).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else writeError(response, error)
    })
  })
  return {
    get size() {
      return readers.size
    },
    end() {
      for (const response of readers) response.end()
    },
  }
}

function hold(response: ServerResponse, readers: Set<ServerResponse>): void {
  readers.add(response)
  response.on('close', () => readers.delete(response))
  response.writeHead(200).flushHeaders()
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: ControlAnswers,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control')
  switch (`${request.method} ${pathname}`) {
    case 'GET /status':
      return writeJson(response, answers.status())
    case 'GET /tasks':
      await answers.ready()
      return await writeLines(response, answers.tasks())
    case 'GET /task':
      await answers.ready()
      return writeJson(response, answers.task(searchParams.get('id') ?? '') ?? null)
    case 'GET /access':
      return writeJson(response, answers.access())
    case 'POST /kill': {
      const { taskIds, graceMs } = await readBody(request)
      if (!isTexts(taskIds)) throw invalid('taskIds')
      if (graceMs !== undefined && typeof graceMs !== 'number') throw invalid('graceMs')
      return writeJson(response, answers.kill(taskIds, graceMs))
    }
    case 'POST /stop': {
      const { how } = await readBody(request)
      if (!isStopMode(how)) throw invalid('how')
      await answers.stop(how)
      return writeJson(response, {})
    }
    default:
      response.writeHead(404).end()
  }
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw invalid('body')
    chunks.push(chunk)
  }
  const value = parseJson(Buffer.concat(chunks).toString('utf8'))
  if (!isRecord(value)) throw invalid('body')
  return value
}

function writeJson(response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  response.end(body)
}

/** Many tasks are sent as their reader takes them. */
async function writeLines(response: ServerResponse, values: Iterable<unknown>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  await pipeline(Readable.from(blocksOf(values), { highWaterMark: 1 }), response)
}

function* blocksOf(values: Iterable<unknown>): Generator<string, void> {
  let lines = ''
  let count = 0
  for (const value of values) {
    lines += `${JSON.stringify(value)}\n`
    count += 1
    if (count % linesPerWrite !== 0) continue
    yield lines
    lines = ''
  }
  if (lines !== '') yield lines
}

function writeError(response: ServerResponse, error: unknown): void {
  const code = error instanceof JarcastError ? error.code : 'CONTROL_FAILED'
  const body = JSON.stringify({ code, message: messageOf(error) })
  response.writeHead(code === 'CONFIG_INVALID' ? 400 : 500, { 'Content-Type': 'application/json' })
  response.end(body)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isStopMode(value: unknown): value is StopMode {
  return value === 'stop' || value === 'drain' || value === 'detach'
}

function invalid(field: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `${field} of the request cannot be read`)
}
