/** A jar server whose next responses a test can replace by faults. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLibrarySet, manifestJson } from '../../../src/domain/libraries/library.ts'
import type { LibraryKind } from '../../../src/domain/libraries/library.ts'

export type Fault = 'corrupt' | 'truncate' | 'longer' | 'unavailable' | 'gone' | 'reset'

export interface LibraryServer {
  readonly url: string
  /** Paths of all GET requests so far. */
  readonly requests: readonly string[]
  /** The next answers for a library of this name, in order. */
  fail(name: string, ...faults: readonly Fault[]): void
  addSet(...files: readonly LibraryFile[]): { readonly id: string; readonly manifestUri: string }
  /**
   * Serves files in the form of the executor's argument, with or without a digest in the headers.
   */
  addPlain(file: LibraryFile, options?: { readonly withDigest: boolean }): string
  close(): Promise<void>
}

export interface LibraryFile {
  readonly name: string
  readonly kind: LibraryKind
  readonly bytes: Buffer
}

interface Served {
  readonly name: string
  readonly bytes: Buffer
  readonly etag?: string
}

export async function startLibraryServer(): Promise<LibraryServer> {
  const paths = new Map<string, Served>()
  const faults = new Map<string, Fault[]>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const served = paths.get(path)
    if (request.method === 'GET') requests.push(path)
    if (served === undefined) {
      response.writeHead(404).end()
      return
    }
    const fault = request.method === 'GET' ? faults.get(served.name)?.shift() : undefined
    answer(response, served, fault)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    requests,
    fail: (name, ...next) => faults.set(name, [...next]),
    addSet(...files) {
      const libraries = files.map(({ name, kind, bytes }) => ({
        name,
        kind,
        sha256: sha256Of(bytes),
        sizeBytes: bytes.length,
      }))
      const set = createLibrarySet(libraries)
      for (const { name, bytes } of files) {
        const path = `/blobs/${sha256Of(bytes)}/${encodeURIComponent(name)}`
        paths.set(path, { name, bytes })
      }
      const path = `/sets/${set.id}.json`
      paths.set(path, { name: 'manifest', bytes: Buffer.from(manifestJson(set)) })
      return { id: set.id, manifestUri: `${url}${path}` }
    },
    addPlain({ name, bytes }, { withDigest } = { withDigest: true }) {
      const etag = `"sha256-${sha256Of(bytes)}"`
      paths.set(`/0_${name}`, { name, bytes, ...(withDigest && { etag }) })
      return `${url}/0_${name}`
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, { bytes, etag }: Served, fault: Fault | undefined): void {
  switch (fault) {
    case 'unavailable':
      response.writeHead(503).end()
      return
    case 'gone':
      response.writeHead(404).end()
      return
    case 'reset':
      response.destroy()
      return
    case 'truncate':
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
      return
    case 'corrupt': {
      const other = Buffer.from(bytes)
      other[Math.floor(other.length / 2)] = (other[Math.floor(other.length / 2)] ?? 0) ^ 1
      response.writeHead(200, { 'content-length': other.length }).end(other)
      return
    }
    case 'longer':
      response.writeHead(200, { 'content-length': bytes.length + 1 })
      response.end(Buffer.concat([bytes, Buffer.from('x')]))
      return
    case undefined:
      response.writeHead(200, { 'content-length': bytes.length, ...(etag && { etag }) })
      response.end(bytes)
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
