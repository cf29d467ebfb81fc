/**
 * What goes between the executor and its warm JVM, in both directions: a kind (one byte), the number of the task, the length
 * of the body (both int, big-endian), the body. See JarcastWarmHost.java.
 */
import { JarcastError } from '../../../errors.ts'

/** What the JVM is to run. */
export interface WarmRun {
  readonly isolation: 'shared' | 'child-first'
  /** Tasks with the same id share a class loader. */
  readonly setId: string
  readonly kind: 'load-class' | 'java'
  readonly className: string
  readonly args: readonly string[]
  /** Paths in class-path order. */
  readonly jars: readonly string[]
  /** Prefixes of class names. */
  readonly parentFirst: readonly string[]
  readonly stdin: string
}

/** What the JVM says: of a task's output, its call of System.exit, its end. */
export interface Frame {
  readonly kind: 'O' | 'E' | 'X' | 'D'
  readonly number: number
  readonly body: Buffer
}

const headerBytes = 9
const maxBodyBytes = 64 * 1024
const kinds = 'OEXD'

export function encodeRun(number: number, run: WarmRun): Buffer {
  return encode('R', number, [
    text(run.isolation),
    text(run.setId),
    text(run.kind),
    text(run.className),
    ...list(run.args),
    ...list(run.jars),
    ...list(run.parentFirst),
    text(run.stdin),
  ])
}

/** Interrupts all threads of a task. */
export function encodeInterrupt(number: number): Buffer {
  return encode('K', number, [])
}

/**
 * Gives the frames that each piece of the JVM's output completes. Throws `MESSAGE_INVALID` for what is no frame: something in
 * the JVM then writes past `System.out`.
 */
export function createFrameDecoder(): (bytes: Buffer) => readonly Frame[] {
  let pending: Buffer = Buffer.alloc(0)
  return (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    const frames: Frame[] = []
    while (pending.length >= headerBytes) {
      const kind = String.fromCharCode(pending[0] ?? 0)
      const length = pending.readInt32BE(5)
      if (!isKind(kind) || length < 0 || length > maxBodyBytes)
        throw new JarcastError('MESSAGE_INVALID', 'the JVM wrote what is no frame')
      if (pending.length < headerBytes + length) break
      const body = pending.subarray(headerBytes, headerBytes + length)
      frames.push({ kind, number: pending.readInt32BE(1), body })
      pending = pending.subarray(headerBytes + length)
    }
    return frames
  }
}

function isKind(kind: string): kind is Frame['kind'] {
  return kinds.includes(kind)
}

function encode(kind: string, number: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(headerBytes)
  header.write(kind, 'latin1')
  header.writeInt32BE(number, 1)
  header.writeInt32BE(body.length, 5)
  return Buffer.concat([header, body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([int(bytes.length), bytes])
}

function list(values: readonly string[]): readonly Buffer[] {
  return [int(values.length), ...values.map(text)]
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
