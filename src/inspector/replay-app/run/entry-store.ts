/**
 * The entries of a run, in order. Packed, they are a few texts and not a million objects; of a live
 * run, they are kept as the objects that they are, since packing would cost the run. Those that can
 * be read again need not be kept.
 */
import type { Entry } from '../../../journal/journal.ts'
import { sizeOf } from './size-of.ts'

export interface EntryStore {
  /** `seq` of the oldest entry that is kept; `lastSeq + 1` while there is none. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** Size of all entries as JSON, about. */
  readonly chars: number
  add(entry: Entry): void
  /** Undefined unless it is kept. */
  get(seq: number): Entry | undefined
  /** The entries from `seq` to the end of their block, each as JSON. */
  linesFrom(seq: number): readonly string[]
  /** Drops the entries up to `seq`. */
  dropTo(seq: number): void
  /** Keeps no more than this of the entries that can be read again: the newest. */
  unload(maxChars: number): void
  /** How entries to come are kept. */
  form: EntryForm
}

type EntryForm = 'packed' | 'live'

/** Reads entries again, by number. */
export type ReadEntries = (seq: number, count: number) => readonly Entry[]

const entriesPerBlock = 256
const unpackedBlocks = 8
/** One of this many live entries is measured. */
const measuredEvery = 16

/** A run of entries: as lines of JSON, as objects, for a while both, or neither. */
interface Block {
  text: string | undefined
  chars: number
  entries: readonly Entry[] | undefined
}

/** `from`: `seq` before the first entry to come. `readAgain`: by which entries can be unloaded. */
export function createEntryStore(
  from: number,
  firstForm: EntryForm,
  readAgain?: ReadEntries,
): EntryStore {
  const blocks: Block[] = []
  const recent: Block[] = []
  let open: Entry[] = []
  /** `seq` of the first entry of the first block. */
  let start = from + 1
  let firstSeq = from + 1
  let lastSeq = from
  let chars = 0
  let form = firstForm
  /** Blocks that were unloaded, from the first on. */
  let unloaded = 0

  function close(): void {
    const block = form === 'packed' ? packed(open) : measured(open)
    blocks.push(block)
    chars += block.chars
    open = []
  }

  function unpacked(block: Block, seq: number): readonly Entry[] {
    if (block.entries !== undefined) return block.entries
    block.entries = block.text === undefined ? readBlock(seq) : parsed(block.text)
    recent.push(block)
    if (recent.length > unpackedBlocks) {
      const oldest = recent.shift()
      if (oldest !== undefined) oldest.entries = undefined
    }
    return block.entries
  }

  function readBlock(seq: number): readonly Entry[] {
    return readAgain?.(seq - ((seq - start) % entriesPerBlock), entriesPerBlock) ?? []
  }

  function blockOf(seq: number): Block | undefined {
    return blocks[Math.floor((seq - start) / entriesPerBlock)]
  }

  return {
    get firstSeq() {
      return firstSeq
    },
    get lastSeq() {
      return lastSeq
    },
    get chars() {
      return chars
    },
    add(entry) {
      open.push(entry)
      lastSeq = entry.seq
      if (open.length === entriesPerBlock) close()
    },
    get(seq) {
      if (seq < firstSeq || seq > lastSeq) return undefined
      const block = blockOf(seq)
      const entries = block === undefined ? open : unpacked(block, seq)
      return entries[(seq - start) % entriesPerBlock]
    },
    linesFrom(seq) {
      if (seq < firstSeq || seq > lastSeq) return []
      const block = blockOf(seq)
      const entries = () => (block === undefined ? open : unpacked(block, seq))
      const lines = block?.text?.split('\n') ?? toLines(entries())
      return lines.slice((seq - start) % entriesPerBlock)
    },
    dropTo(seq) {
      firstSeq = Math.max(firstSeq, Math.min(seq, lastSeq) + 1)
      while (blocks.length > 0 && start + entriesPerBlock <= firstSeq) {
        chars -= blocks.shift()?.chars ?? 0
        start += entriesPerBlock
      }
    },
    unload(maxChars) {
      if (readAgain === undefined) return
      while (chars > maxChars && unloaded < blocks.length) {
        const block = blocks[unloaded]
        if (block !== undefined) {
          chars -= block.chars
          Object.assign(block, { text: undefined, chars: 0, entries: undefined })
        }
        unloaded += 1
      }
    },
    get form() {
      return form
    },
    set form(next) {
      form = next
    },
  }
}

function parsed(text: string): readonly Entry[] {
  return JSON.parse(`[${text.replaceAll('\n', ',')}]`) as readonly Entry[]
}

/** Entries that are too deep for JSON stay objects. */
function packed(entries: readonly Entry[]): Block {
  try {
    const text = entries.map((entry) => JSON.stringify(entry)).join('\n')
    return { text, chars: text.length, entries: undefined }
  } catch {
    return measured(entries)
  }
}

function measured(entries: readonly Entry[]): Block {
  let chars = 0
  for (let index = 0; index < entries.length; index += measuredEvery)
    chars += sizeOf(entries[index])
  return { text: undefined, chars: chars * measuredEvery, entries }
}

/** An event may be no JSON: too deep, or of a live run that no journal keeps. */
function toLines(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => {
    try {
      return JSON.stringify(entry)
    } catch {
      return `{"event":${JSON.stringify({ type: entry.event?.type })}}`
    }
  })
}
