/** The answers that need no node:http: bytes of a blob, with a turn at once. */
import type { Socket } from 'node:net'
import type { Turn } from '../../access/admission.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { MemoryReader } from '../blobs/blob.ts'
import type { BlobPart, BlobReader, BlobResource } from '../blobs/blob.ts'
import { selectAnswer } from '../blobs/select-answer.ts'
import type { BodyAnswer } from '../blobs/select-answer.ts'
import { admissionOf, openReader } from '../blobs/send-blob.ts'
import type { BlobSender } from '../blobs/send-blob.ts'
import type { Exchange, RequestRecord } from '../http/exchange.ts'
import type { RequestHead } from '../http/request-head.ts'
import { createHeadReader } from './known-request.ts'

export interface FastAnswersOptions {
  /** Finds the resource of a decoded path. */
  readonly find: (path: string) => BlobResource | undefined
  /** Returns the path to serve, or the status of a refusal. */
  readonly admit: (request: RequestHead, path: string) => string | 401 | 403
  /** Called once per request. Its errors are ignored. */
  readonly onRequest: (record: RequestRecord) => void
}

export interface FastClient {
  readonly socket: Socket
  readonly remoteAddress: string | undefined
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal
  /** Closes the connection. */
  readonly cut: () => void
}

/** An answer that may be sent. Its owner ends it. */
export interface FastAnswer {
  readonly answer: BodyAnswer
  readonly part: BlobPart
  readonly reader: BlobReader
  readonly turn: Turn
  readonly record: Exchange['record']
}

export interface FastAnswers {
  /**
   * Prepares the answer to the bytes of a request; undefined if node:http must answer it. A promise
   * while the blob is opened or read into memory; it never rejects.
   */
  prepare(
    bytes: Buffer,
    client: FastClient,
  ): FastAnswer | undefined | Promise<FastAnswer | undefined>
  /** Counts body bytes as they are sent. */
  addBytes(sentBytes: number, record: RequestRecord): void
  /** Ends an answer, complete or not. */
  end(answer: FastAnswer): void
}

/** `sender`: the one of the other answers, for common limits. */
export function createFastAnswers(options: FastAnswersOptions, sender: BlobSender): FastAnswers {
  const { find, admit, onRequest } = options
  const readHead = createHeadReader()

  return {
    prepare(bytes, client) {
      const head = readHead(bytes)
      if (head === undefined) return undefined
      const { method, url, headers, rawHeaders } = head
      const request = { method, url, headers, rawHeaders, socket: client.socket }
      const path = admit(request, head.path)
      const resource = typeof path === 'string' ? find(path) : undefined
      if (typeof path !== 'string' || resource === undefined) return undefined
      if (resource.parts !== undefined) return undefined
      const answer = selectAnswer(request, resource)
      const part = answer.parts?.[0]
      if (part === undefined || answer.parts === undefined || part.end < part.start)
        return undefined
      const turn = enter(sender, client, resource)
      if (turn === undefined) return undefined
      const record = recordOf(client, withoutMac(path), resource, answer)
      const reader = findLoaded(sender, resource)
      if (reader !== undefined) return { answer, part, reader, turn, record }
      return openReader(sender.cache, resource.blob, true).then(
        (opened) => ({ answer, part, reader: opened, turn, record }),
        () => {
          // node:http finds the same error, and has a status for it.
          turn.leave()
          return undefined
        },
      )
    },
    addBytes: (sentBytes, record) => sender.onBytes?.(sentBytes, record),
    end({ reader, turn, record }) {
      turn.leave()
      reader.close()
      try {
        onRequest(record)
      } catch {
        // An observer must not end the server.
      }
    },
  }
}

function enter(
  sender: BlobSender,
  { remoteAddress, closed, cut }: FastClient,
  resource: BlobResource,
): Turn | undefined {
  return admissionOf(sender, resource).enterNow({ remoteAddress, closed, cut })
}

function recordOf(
  { remoteAddress }: FastClient,
  path: string,
  { blob }: BlobResource,
  { status }: BodyAnswer,
): Exchange['record'] {
  const record: Exchange['record'] = {
    method: 'GET',
    path,
    status,
    sentBytes: 0,
    isAborted: false,
    sha256: blob.sha256,
    name: blob.name,
  }
  if (remoteAddress !== undefined) record.remoteAddress = remoteAddress
  return record
}

function findLoaded({ cache }: BlobSender, { blob }: BlobResource): MemoryReader | undefined {
  return 'bytes' in blob ? new MemoryReader(blob.bytes) : cache.borrowLoaded(blob)
}
