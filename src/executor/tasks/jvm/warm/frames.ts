/**
 * The protocol between the executor and a warm JVM: requests, replies, and the marker that ends the
 * output of a task. See JarcastWarmHost.java.
 */
import { JarcastError } from '../../../../errors.ts'

/** A request to the JVM. */
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

/** The first one reports that the JVM is ready, each later one the end of a task. */
export interface Reply {
  /** The exit status that a JVM for this task alone would have had. */
  readonly status: number
  /** Why the JVM ends now; empty if it can take another task. */
  readonly reason: string
}

const maxReplyBytes = 4096

/** The JVM writes `marker` to both outputs after the task, unless it ends with the task. */
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

/**
 * Returns a function that takes bytes from the JVM, and returns the replies that they complete.
 * It throws `MESSAGE_INVALID` for an invalid reply.
 */
export function createReplyDecoder(): (bytes: Buffer) => readonly Reply[] {
  let pending: Buffer = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const replies: Reply[] = []
    while (pending.length >= 4) {
      const length = pending.readInt32BE(0)
      if (length < 4 || length > maxReplyBytes)
        throw new JarcastError('MESSAGE_INVALID', 'the JVM sent an invalid reply')
      if (pending.length < 4 + length) break
      const reason = pending.toString('utf8', 8, 4 + length)
      replies.push({ status: pending.readInt32BE(4), reason })
      pending = pending.subarray(4 + length)
    }
    return replies
  }
}

export interface MarkerSearch {
  /** Returns further bytes of the stream that are before the marker. */
  push(chunk: Buffer): Buffer
  isFound(): boolean
  /** Bytes held back as a possible beginning of the marker, for a stream that ends without one. */
  rest(): Buffer
}

/** Finds a marker in a stream, also if chunks split it. */
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
