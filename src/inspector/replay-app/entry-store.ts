/**
 * The entries of a run, in order, packed as text: 100,000 entries are a few texts, not a million
 * objects. The oldest are dropped beyond a number of bytes.
 */
import type { Entry } from '../../journal/journal.ts'

export interface EntryStore {
  /** `seq` of the oldest entry that is kept; `lastSeq + 1` while there is none. */
  readonly firstSeq: number
  readonly lastSeq: number
  add(entry: Entry): void
  /** Undefined unless it is kept. */
  get(seq: number): Entry | undefined
  /** The entries from `seq` to the end of their block, each as JSON. */
  linesFrom(seq: number): readonly string[]
}

const entriesPerBlock = 256
const unpackedBlocks = 8

/** A run of entries: each a line of JSON, and for a while as objects. */
interface Block {
  readonly text: string
  entries: readonly Entry[] | undefined
}

/** `from`: `seq` before the first entry to come. `maxChars`: of all entries as JSON. */
export function createEntryStore(from: number, maxChars: number): EntryStore {
  const blocks: Block[] = []
  const recent: Block[] = []
  let open: Entry[] = []
  let firstSeq = from + 1
  let lastSeq = from
  let chars = 0

  function close(): void {
    const text = toLines(open).join('\n')
    blocks.push({ text, entries: undefined })
    open = []
    chars += text.length
    while (chars > maxChars && blocks.length > 1) {
      chars -= blocks.shift()?.text.length ?? 0
      firstSeq += entriesPerBlock
    }
  }

  function unpacked(block: Block): readonly Entry[] {
    if (block.entries !== undefined) return block.entries
    block.entries = JSON.parse(`[${block.text.replaceAll('\n', ',')}]`) as readonly Entry[]
    recent.push(block)
    if (recent.length > unpackedBlocks) {
      const oldest = recent.shift()
      if (oldest !== undefined) oldest.entries = undefined
    }
    return block.entries
  }

  return {
    get firstSeq() {
      return firstSeq
    },
    get lastSeq() {
      return lastSeq
    },
    add(entry) {
      open.push(entry)
      lastSeq = entry.seq
      if (open.length === entriesPerBlock) close()
    },
    get(seq) {
      if (seq < firstSeq || seq > lastSeq) return undefined
      const index = seq - firstSeq
      const block = blocks[Math.floor(index / entriesPerBlock)]
      const entries = block === undefined ? open : unpacked(block)
      return entries[index % entriesPerBlock]
    },
    linesFrom(seq) {
      if (seq < firstSeq || seq > lastSeq) return []
      const index = seq - firstSeq
      const block = blocks[Math.floor(index / entriesPerBlock)]
      const lines = block === undefined ? toLines(open) : block.text.split('\n')
      return lines.slice(index % entriesPerBlock)
    },
  }
}

function toLines(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => JSON.stringify(entry))
}
