/**
 * Recorded conversations between one JSON scheduler and a real master:
 * `test/fixtures/local/NAME.json`.
 */
import { readFile } from 'node:fs/promises'
import { idsIn } from './unify-recorded.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * One line of a recording: a call with its answer, an event, the end of a stream, or an action of
 * others.
 */
export interface CaptureEntry {
  /** In ms since the start of the recording. A call has the time of its answer. */
  readonly t: number
  readonly call?: Json & { readonly type: string }
  readonly answer?: { readonly status: number; readonly body: string }
  readonly subscribeAnswer?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly event?: Json & { readonly type: string }
  readonly stream?: 'end' | 'error'
  /** A call to the operator API, by name; `status` is its answer's. */
  readonly operator?: string
  readonly status?: number
  readonly body?: string
  /** The fault of a process. */
  readonly fault?: string
  readonly [other: string]: unknown
}

/** Maximum time by which an entry precedes its cause: calls are logged when they are answered. */
const causeMs = 10

/** Reads a recording in order of cause and effect. */
export async function readCapture(name: string): Promise<CaptureEntry[]> {
  const file = new URL(`../../fixtures/local/${name}.json`, import.meta.url)
  return orderByCause(JSON.parse(await readFile(file, 'utf8')) as CaptureEntry[])
}

/**
 * Moves calls before events that arrived before their answer, unless they use an id of such an
 * event.
 */
function orderByCause(entries: readonly CaptureEntry[]): CaptureEntry[] {
  const ordered: CaptureEntry[] = []
  for (const entry of entries) {
    let place = ordered.length
    if (entry.call !== undefined || entry.operator !== undefined) {
      while (mayFollow(ordered, place - 1, entry)) place -= 1
    }
    ordered.splice(place, 0, entry)
  }
  return ordered
}

function mayFollow(before: readonly CaptureEntry[], index: number, cause: CaptureEntry): boolean {
  const effect = before[index]
  if (effect === undefined || effect.t < cause.t - causeMs) return false
  if (effect.event === undefined && effect.stream === undefined) return false
  const used = new Set(idsIn(cause))
  const known = new Set(before.slice(0, index).flatMap((entry) => idsIn(entry)))
  return idsIn(effect.event).every((id) => !used.has(id) || known.has(id))
}
