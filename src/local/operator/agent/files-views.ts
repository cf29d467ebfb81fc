/**
 * `/files/browse`, `/files/read` and `/files/download` of an agent.
 * Source: apache/mesos src/files/files.cpp; docs/endpoints/files.
 */
import { createReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FileInfo } from '../../../mesos/types.generated.ts'
import { badRequest, writeAnswer } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { viewAnswer } from '../view-request.ts'
import type { ViewRequest } from '../view-request.ts'
import { findDownload, listFiles, readSandboxFile } from './sandbox-files.ts'
import type { Sandboxes } from './sandbox-files.ts'

/** Answers a request below `/files`, also with an old name (`/files/read.json`). */
export async function answerFiles(
  sandboxes: Sandboxes,
  { path: page, query }: ViewRequest,
  response: ServerResponse,
): Promise<void> {
  const asked = query.get('path') ?? ''
  if (asked === '') return writeAnswer(response, badRequest("Expecting 'path=value' in query.\n"))
  switch (page.replace(/\.json$/u, '')) {
    case '/files/browse':
      return writeAnswer(response, await browse(sandboxes, asked, query))
    case '/files/read':
      return writeAnswer(response, read(sandboxes, asked, query))
    case '/files/download':
      return download(sandboxes, asked, response)
    default:
      return writeAnswer(response, { status: 404 })
  }
}

async function browse(
  sandboxes: Sandboxes,
  asked: string,
  query: URLSearchParams,
): Promise<Answer> {
  const files = await listFiles(sandboxes, asked)
  return 'status' in files ? files : viewAnswer(query, files.map(jsonFile))
}

/** `offset` -1 or none: answers only the size, as `offset`. */
function read(sandboxes: Sandboxes, asked: string, query: URLSearchParams): Answer {
  const [offset, length] = ['offset', 'length'].map((name) => readNumber(query.get(name)))
  for (const [name, value] of Object.entries({ offset, length })) {
    if (Number.isNaN(value)) return badRequest(`Failed to parse ${name}: it must be a number.\n`)
    if ((value ?? 0) < -1) {
      return badRequest(`Negative ${name} provided: ${value}.\n`)
    }
  }
  const isSizeOnly = (offset ?? -1) === -1
  const result = readSandboxFile(sandboxes, asked, {
    offset: isSizeOnly ? undefined : offset,
    length: (length ?? -1) === -1 ? undefined : length,
  })
  if ('status' in result) return result
  const data = result.data.toString('utf8')
  return viewAnswer(query, { data, offset: isSizeOnly ? result.size : offset })
}

async function download(
  sandboxes: Sandboxes,
  asked: string,
  response: ServerResponse,
): Promise<void> {
  const found = await findDownload(sandboxes, asked)
  if ('status' in found) return writeAnswer(response, found)
  const name = basename(found.file).replaceAll(/[^\w.-]/gu, '_')
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename=${name}`,
  })
  await pipeline(createReadStream(found.file), response)
}

function readNumber(text: string | null): number | undefined {
  if (text === null) return undefined
  return /^-?\d{1,15}$/u.test(text) ? Number(text) : Number.NaN
}

function jsonFile({ gid, mode = 0, mtime, nlink, path: file, size, uid }: FileInfo) {
  const seconds = Number(mtime?.nanoseconds ?? 0) / 1e9
  return { gid, mode: formatMode(mode), mtime: seconds, nlink, path: file, size: Number(size), uid }
}

const typeLetters: Readonly<Record<number, string>> = {
  0o010000: 'p',
  0o020000: 'c',
  0o040000: 'd',
  0o060000: 'b',
  0o120000: 'l',
  0o140000: 's',
}

/** The mode as in ls(1), without special bits. */
function formatMode(mode: number): string {
  const bits = Array.from('rwxrwxrwx', (letter, index) => (mode & (0o400 >> index) ? letter : '-'))
  return `${typeLetters[mode & 0o170000] ?? '-'}${bits.join('')}`
}
