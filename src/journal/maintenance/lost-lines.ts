/** Lists the lines of a broken journal after its last kept entry. */
import type { JournalPlace } from '../files/file-errors.ts'
import { readLines } from '../files/read-lines.ts'
import type { Segment } from '../files/segments.ts'

/** The entries after the last kept one, as far as they can be read. */
export interface LostLines {
  readonly lines: number
  readonly sizeBytes: number
  /** Broken entries too, if their beginning can be read. */
  readonly entries: readonly LostEntry[]
  /** All tasks named in the lost entries. */
  readonly taskIds: readonly string[]
}

export interface LostEntry {
  readonly file: string
  readonly line: number
  readonly seq: number
  /** Type of the event; undefined for an entry that only has a time. */
  readonly type: string | undefined
}

const taskIdPatterns = [
  // `"taskId":{"value":"a"}` of Mesos, `"taskId":"a"` of our own events.
  /"taskId":(?:\{"value":)?"((?:[^"\\]|\\.)*)"/g,
  // `"requests":[{"id":"a","work":…` of submitted tasks.
  /\{"id":"((?:[^"\\]|\\.)*)","work":/g,
]

/** Reads all lines after the last kept one; of the whole journal if none is kept. */
export function lostLinesAfter(
  segments: readonly Segment[],
  last: Pick<JournalPlace, 'file' | 'line'> | undefined,
): LostLines {
  const entries: LostEntry[] = []
  const taskIds = new Set<string>()
  let lines = 0
  let sizeBytes = 0
  const from = segments.findIndex(({ file }) => file === last?.file)
  for (const { file } of segments.slice(Math.max(0, from))) {
    const kept = file === last?.file ? last.line : 1
    for (const line of readLines(file)) {
      if (line.line <= kept) continue
      const text = line.bytes.toString()
      // Checks and links add nothing to the entries before.
      if (/^\{"(after|next)":/.test(text)) continue
      lines += 1
      sizeBytes += line.bytes.length + (line.ended ? 1 : 0)
      const entry = lostEntry(file, line.line, text)
      if (entry !== undefined) entries.push(entry)
      for (const pattern of taskIdPatterns) {
        for (const [, id = ''] of text.matchAll(pattern)) taskIds.add(id)
      }
    }
  }
  return { lines, sizeBytes, entries, taskIds: [...taskIds] }
}

/** Searches the text: a broken line may not be JSON. */
function lostEntry(file: string, line: number, text: string): LostEntry | undefined {
  const seq = /^\{"seq":(\d+)/.exec(text)?.[1]
  if (seq === undefined) return undefined
  const type = /"event":\{"type":"([^"\\]+)"/.exec(text)?.[1]
  return { file, line, seq: Number(seq), type }
}
