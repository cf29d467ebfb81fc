import { describe, expect, it } from 'vitest'
import { createLinePrefixer } from '../../../../src/executor/tasks/process/line-prefixer.ts'

function write(...chunks: readonly Uint8Array[]): readonly string[] {
  const written: string[] = []
  const prefixer = createLinePrefixer('[t] ', (text) => written.push(text))
  for (const chunk of chunks) prefixer.push(chunk)
  prefixer.end()
  return written
}

describe('createLinePrefixer', () => {
  it('puts the prefix before every line', () => {
    expect(write(Buffer.from('a\n\nb\n'))).toEqual(['[t] a\n[t] \n[t] b\n'])
  })

  it('waits for the end of a line', () => {
    expect(write(Buffer.from('a'), Buffer.from('b\nc'))).toEqual(['[t] ab\n', '[t] c\n'])
  })

  it('joins characters that arrive in pieces', () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é\n').subarray(1)]
    expect(write(first, second)).toEqual(['[t] é\n'])
  })

  it('writes a line without end in pieces', () => {
    const pieces = write(Buffer.alloc(100_000, 'x'), Buffer.alloc(100_000, 'y'))
    expect(pieces.map((text) => text.length)).toEqual([100_005, 100_005])
  })

  it('writes nothing without input', () => {
    expect(write()).toEqual([])
  })
})
