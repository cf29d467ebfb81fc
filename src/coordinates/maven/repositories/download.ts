/** One file of one repository, checked against the checksum that the repository keeps for it. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isWebPageInPlaceOf, pageInPlace } from '../../../domain/web-page.ts'
import { JarcastError } from '../../../errors.ts'
import type { Body } from '../../http/decode-body.ts'
import type { HttpClient } from '../../http/http-client.ts'
import { digestFile, parseChecksum } from '../../http/checksums.ts'
import type { Checksum, ChecksumAlgorithm } from '../../http/checksums.ts'
import type { Repository } from './repositories.ts'

export type DownloadProgress = (bytes: number, ofBytes: number | undefined) => void

export interface DownloadOptions {
  readonly maxBytes: number
  /** Requested in this order, until the repository has one. */
  readonly algorithms: readonly ChecksumAlgorithm[]
  readonly onProgress?: DownloadProgress | undefined
}

export interface Download {
  /** Algorithm of the checksum that matched; undefined when the repository has none. */
  readonly checkedBy: ChecksumAlgorithm | undefined
  readonly sha256: string
  readonly sizeBytes: number
}

const maxChecksumBytes = 16 * 1024
// Smaller files are written at once: a stream costs more.
const maxInMemory = 512 * 1024
const writtenAtOnceBytes = 1024 * 1024

/**
 * Downloads `path` into the file `target`. Undefined when the repository has no such file; then
 * nothing is written.
 *
 * Rejects with `PACKAGE_CORRUPT` when the file is larger than `maxBytes`, or fails its checksum
 * twice; else as the client's `get`.
 */
export async function download(
  client: HttpClient,
  repository: Repository,
  path: string,
  target: string,
  options: DownloadOptions,
): Promise<Download | undefined> {
  for (let tries = 1; ; tries += 1) {
    const found = await downloadOnce(client, repository, path, target, options)
    if (found?.problem === undefined) return found
    // A proxy may have cached a part of the file.
    if (tries >= 2) throw corrupt(repository, path, found.problem)
  }
}

async function downloadOnce(
  client: HttpClient,
  repository: Repository,
  path: string,
  target: string,
  options: DownloadOptions,
): Promise<(Download & { readonly problem?: string }) | undefined> {
  const { headers, proxy } = repository
  const checksum = findChecksum(client, repository, path, options.algorithms)
  // Awaited below, and not needed when the file is absent.
  checksum.catch(() => undefined)
  const status = await client.get(addressOf(repository, path), {
    headers,
    proxy,
    read: (body) => saveBody(body, target, { path, repository }, options),
  })
  if (status !== 200) return undefined
  const expected = await checksum
  const { algorithm = 'sha256' } = expected ?? {}
  const { digests, sizeBytes } = await digestFile(target, ['sha256', algorithm])
  const [sha256 = '', actual] = digests
  const found: Download = { checkedBy: expected?.algorithm, sha256, sizeBytes }
  if (expected === undefined || actual === expected.digest) return found
  const problem = `its ${algorithm} is ${actual}, the repository says ${expected.digest}`
  return { ...found, problem }
}

/**
 * For a truncated body, or the web page of a proxy, it throws an error other than `JarcastError`:
 * the client retries those.
 */
async function saveBody(
  { chunks: body, sizeBytes }: Body,
  target: string,
  { path, repository }: { readonly path: string; readonly repository: Repository },
  { maxBytes, onProgress }: DownloadOptions,
): Promise<void> {
  let savedBytes = 0
  async function* count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (savedBytes === 0 && isWebPageInPlaceOf(path, chunk)) throw new Error(pageInPlace)
      savedBytes += chunk.length
      if (savedBytes > maxBytes || (sizeBytes ?? 0) > maxBytes)
        throw tooLarge(shownPath(repository, path), maxBytes)
      onProgress?.(savedBytes, sizeBytes)
      yield chunk
    }
  }
  if (sizeBytes !== undefined && sizeBytes <= maxInMemory) {
    const chunks: Buffer[] = []
    for await (const chunk of count(body)) chunks.push(chunk)
    await writeFile(target, Buffer.concat(chunks))
  } else
    await pipeline(body, count, createWriteStream(target, { highWaterMark: writtenAtOnceBytes }))
  if (sizeBytes !== undefined && savedBytes !== sizeBytes) {
    throw new Error(`it ended after ${savedBytes} of ${sizeBytes} bytes`)
  }
}

async function findChecksum(
  client: HttpClient,
  repository: Repository,
  path: string,
  algorithms: readonly ChecksumAlgorithm[],
): Promise<Checksum | undefined> {
  const { headers, proxy } = repository
  for (const algorithm of algorithms) {
    let bytes = Buffer.alloc(0)
    const status = await client.get(addressOf(repository, `${path}.${algorithm}`), {
      headers,
      proxy,
      async read({ chunks }) {
        bytes = Buffer.alloc(0)
        for await (const chunk of chunks) {
          bytes = Buffer.concat([bytes, chunk])
          if (bytes.length > maxChecksumBytes)
            throw tooLarge(`${path}.${algorithm}`, maxChecksumBytes)
        }
      },
    })
    const name = path.split('/').at(-1) ?? ''
    const checksum = status === 200 ? parseChecksum(bytes, algorithm, name) : undefined
    if (checksum !== undefined) return checksum
  }
  return undefined
}

function addressOf({ url }: Repository, path: string): URL {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), url)
}

function shownPath({ id }: Repository, path: string): string {
  return `${path} of repository ${id}`
}

function tooLarge(source: string, maxBytes: number): JarcastError {
  const message = `${source} is larger than ${maxBytes} bytes`
  return new JarcastError('PACKAGE_CORRUPT', message, { details: { source } })
}

function corrupt(repository: Repository, path: string, problem: string): JarcastError {
  const source = shownPath(repository, path)
  return new JarcastError('PACKAGE_CORRUPT', `${source} is damaged: ${problem}`, {
    details: { source },
  })
}
