/** The request to a warm JVM. See JarcastWarmHost.java. */
import { encodeFrame } from '../../warm/frames.ts'

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
  return encodeFrame(body)
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value))
}

function list(values: readonly string[]): readonly Buffer[] {
  return [int(values.length), ...values.map(text)]
}

function bytes(value: Buffer): Buffer {
  return encodeFrame(value)
}

function int(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}
