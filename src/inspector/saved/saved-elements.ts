/** Runs as elements of a page: no browser runs them, and nothing of a run can be markup in them. */
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { JarcastError } from '../../errors.ts'
import type { Entry } from '../../journal/journal.ts'
import { savedPartAttribute, savedRunAttribute } from './saved-run.ts'
import type { SavedHead, SavedPart } from './saved-run.ts'

export interface SavedRun {
  readonly head: SavedHead
  /** Those after `head.from`, or all. */
  readonly entries: Iterable<Entry>
  /** Lines of `createStateSaver`: asked for once the entries were read. */
  readonly states?: () => Iterable<string>
}

/** Characters of base64 per element; whole groups of four. */
const pieceChars = 1024 * 1024
/** Of the entries of all runs as JSON: about what a page can hold. */
const maxChars = 512 * 1024 * 1024

/**
 * Makes the elements of all runs, one after the other. Throws INSPECTOR_FAILED if the entries are
 * more than a page can hold, and what reading them throws.
 */
export async function* savedElements(runs: readonly SavedRun[]): AsyncGenerator<string, void> {
  const budget = { chars: maxChars }
  for (const [index, { head, entries, states }] of runs.entries()) {
    yield* elements(index, 'head', [JSON.stringify(head)])
    yield* elements(index, 'entries', linesWithin(entries, budget))
    if (states !== undefined) yield* elements(index, 'states', states())
  }
}

/** Elements, each with a piece of the base64 of the compressed texts. */
async function* elements(
  run: number,
  part: SavedPart,
  texts: Iterable<string>,
): AsyncGenerator<string, void> {
  const tag = `<script type="text/plain" ${savedRunAttribute}="${run}" ${savedPartAttribute}="${part}">`
  // Joined by `pipeline`, so that an error of the texts ends the reading of the pieces.
  const packed = pipeline(Readable.from(texts), createGzip(), () => undefined)
  for await (const piece of toBase64(packed)) {
    yield `${tag}${piece}</script>\n`
  }
}

async function* toBase64(packed: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const pieceBytes = (pieceChars / 4) * 3
  let bytes: Buffer = Buffer.alloc(0)
  for await (const chunk of packed) {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= pieceBytes) {
      yield bytes.toString('base64', 0, pieceBytes)
      bytes = bytes.subarray(pieceBytes)
    }
  }
  yield bytes.toString('base64')
}

/** Some lines of JSON at a time. */
function* linesWithin(entries: Iterable<Entry>, budget: { chars: number }): Generator<string> {
  let lines = ''
  for (const entry of entries) {
    lines += `${JSON.stringify(entry)}\n`
    if (lines.length < 64 * 1024) continue
    budget.chars -= lines.length
    if (budget.chars < 0) throw tooLarge()
    yield lines
    lines = ''
  }
  yield lines
}

function tooLarge(): JarcastError {
  const message = `the entries are more than ${maxChars / 1024 / 1024} MiB, which is more than a page can hold: open the journal without --html`
  return new JarcastError('INSPECTOR_FAILED', message)
}
