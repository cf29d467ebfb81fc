import { describe, expect, it } from 'vitest'
import { createLineSplitter } from '../../../../src/cli/report/output/line-splitter.ts'

const stdoutOf = (taskId: string) => ({ taskId, attempt: 1, name: 'stdout' as const })
const last = { bytes: new Uint8Array(), isLast: true }

/** What comes of `text`, in parts of `size` bytes. */
function piecesOf(text: string, size: number): readonly string[] {
  const linesIn = createLineSplitter()
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size)
    pieces.push(linesIn({ ...stdoutOf('a'), bytes: part, isLast: false }))
  }
  pieces.push(linesIn({ ...stdoutOf('a'), ...last }))
  return pieces.filter(({ length }) => length > 0).map(String)
}

describe('createLineSplitter', () => {
  it.each([1, 2, 3, 7, 1000])('gives whole lines only, of parts of %d bytes', (size) => {
    const text = 'one\nzwölf €\n\nno end'
    const pieces = piecesOf(text, size)
    expect(pieces.join('')).toBe(text)
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true)
    expect(pieces.at(-1)).toMatch(/no end$/)
  })

  it('cuts a line that is too long to be kept between two characters', () => {
    const text = '€'.repeat(100_000)
    const pieces = piecesOf(text, 65_536)
    expect(pieces.join('')).toBe(text)
    expect(pieces.length).toBeGreaterThan(1)
  })

  it('keeps the files of tasks and attempts apart', () => {
    const linesIn = createLineSplitter()
    const give = (part: object, text: string) =>
      String(linesIn({ ...stdoutOf('a'), isLast: false, ...part, bytes: Buffer.from(text) }))
    expect(give({}, 'a1 ')).toBe('')
    expect(give({ taskId: 'b' }, 'b\n')).toBe('b\n')
    expect(give({ name: 'stderr' }, 'e\n')).toBe('e\n')
    expect(give({ attempt: 2 }, 'again\n')).toBe('again\n')
    expect(give({}, 'a2\n')).toBe('a1 a2\n')
  })
})
