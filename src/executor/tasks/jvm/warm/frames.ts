/**
 * What goes between the executor and a warm JVM: requests, replies, and the marker that ends what a task wrote. See
 * JarcastWarmHost.java.
 */
import { JarcastError } from '../../../../errors.ts'

/** What the JVM is to run. */
export interface WarmRun {
  readonly isolation: 'shared' | 'child-first'
  readonly kind: 'load-class' | 'java'
  readonly className: string
  readonly args: readonly string[]
  /** Paths in class-path order. */
  readonly jars: readonly string[]
  /** Prefixes of class names. */
  readonly parentFirst: readonly string[]
  readonly stdin: string
}

/** The first one says that the JVM is ready, each other one that its task is over. */
export interface Reply {
  /** The exit status that a JVM of the task's own would have had. */
  readonly status: number
  /** Why the JVM ends now; empty when it goes on. */
  readonly reason: string
}

const maxReplyBytes = 4096

/** After a task without a reason to end, the JVM writes `marker` to standard output and standard error. */
export function encodeRun(run: WarmRun, marker: Buffer): Buffer {
  const body = Buffer.concat([
    bytes(marker),
    text(run.isolation),
    text(run.kind),
    text(run.className),
    ...list(run.args),
    ...list(run.jars),
    ...list(run.parentFirst),
    text(run.stdin),
  ])
  return bytes(body)
}

/** Gives the replies that each piece of what the JVM sends completes. Throws `MESSAGE_INVALID` for what is none. */
export function createReplyDecoder(): (bytes: Buffer) => readonly Reply[] {
  let pending: Buffer = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const replies: Reply[] = []
    while (pending.length >= 4) {
      const length = pending.readInt32BE(0)
      if (length < 4 || length > maxReplyBytes)
        throw new JarcastError('MESSAGE_INVALID', 'the JVM wrote what is no reply')
      if (pending.length < 4 + length) break
      const reason = pending.toString('utf8', 8, 4 + length)
      replies.push({ status: pending.readInt32BE(4), reason })
      pending = pending.subarray(4 + length)
    }
    return replies
  }
}

export interface MarkerSearch {
  /** What of the stream so far is known to stand before the marker, and was not given yet. */
  push(chunk: Buffer): Buffer
  isFound(): boolean
  /** What was held back as the beginning of a marker; for when the stream ends without one. */
  rest(): Buffer
}

/** Finds where a marker stands in a stream, however it is cut. */
export function createMarkerSearch(marker: Buffer): MarkerSearch {
  let held: Buffer = Buffer.alloc(0)
  let isFound = false
  return {
    push(chunk) {
      const all = Buffer.concat([held, chunk])
      const at = all.indexOf(marker)
      isFound = at >= 0
      const end = isFound ? at : all.length - beginningAtEnd(all, marker)
      held = all.subarray(isFound ? end + marker.length : end)
      return all.subarray(0, end)
    },
    isFound: () => isFound,
    rest: () => held,
  }
}

/** The length of the longest beginning of `marker` that `all` ends with. */
function beginningAtEnd(all: Buffer, marker: Buffer): number {
  let length = Math.min(marker.length - 1, all.length)
  while (length > 0 && !all.subarray(-length).equals(marker.subarray(0, length))) length -= 1
  return length
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value))
}

function list(values: readonly string[]): readonly Buffer[] {
  return [int(values.length), ...values.map(text)]
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([int(value.length), value])
}

function int(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}
