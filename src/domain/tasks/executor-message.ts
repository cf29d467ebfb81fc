/** Messages from an executor to its scheduler: the JSON in `Message.data` (scheduler.proto). */
import { isCount, isRecord, isText, parseJson } from '../json.ts'

/** Sent at most once: the scheduler only shows and counts it. */
export type ExecutorMessage =
  | {
      readonly type: 'library.fetching'
      readonly name: string
      readonly sha256: string
      readonly receivedBytes: number
      readonly sizeBytes: number
      /** Place in the queue of a busy jar server. */
      readonly place?: number
    }
  | {
      readonly type: 'library.fetched'
      readonly name: string
      readonly sha256: string
      readonly sizeBytes: number
      readonly source: 'server' | 'peers' | 'cache'
      /** Bytes that were transferred. Absent in messages of older executors. */
      readonly receivedBytes?: number
      readonly durationMs: number
      /** Host of the agent. Absent in messages of older executors. */
      readonly hostname?: string
    }
  | {
      readonly type: 'library.corrupted'
      readonly name: string
      readonly expected: string
      readonly actual: string
      readonly uri: string
    }

/** Reads `Message.data`; undefined unless it is a complete, valid message of jarcast's executor. */
export function parseExecutorMessage(text: string): ExecutorMessage | undefined {
  const value = parseJson(text)
  return isRecord(value) && isExecutorMessage(value)
    ? (value as unknown as ExecutorMessage)
    : undefined
}

function isExecutorMessage(value: Readonly<Record<string, unknown>>): boolean {
  const { type, name, sha256, sizeBytes, receivedBytes, source, durationMs, hostname } = value
  if (!isText(name)) return false
  if (type === 'library.corrupted')
    return isText(value['expected']) && isText(value['actual']) && isText(value['uri'])
  if (!isText(sha256) || !isCount(sizeBytes)) return false
  if (type === 'library.fetching') return isCount(receivedBytes)
  return (
    type === 'library.fetched' &&
    isCount(durationMs) &&
    (source === 'server' || source === 'peers' || source === 'cache') &&
    (receivedBytes === undefined || isCount(receivedBytes)) &&
    (hostname === undefined || isText(hostname))
  )
}
