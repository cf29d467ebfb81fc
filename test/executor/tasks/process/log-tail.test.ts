import { describe, expect, it } from 'vitest'
import { createLogTail } from '../../../../src/executor/tasks/process/log-tail.ts'

const tailOf = (maxBytes: number, ...chunks: readonly (string | Uint8Array)[]) => {
  const tail = createLogTail(maxBytes)
  for (const chunk of chunks) tail.push(Buffer.from(chunk as string))
  return tail.text()
}

describe('createLogTail', () => {
  it('keeps all bytes that fit', () => {
    expect(tailOf(10, 'abc', 'def')).toBe('abcdef')
    expect(tailOf(10)).toBe('')
  })

  it('keeps the end of longer output', () => {
    expect(tailOf(4, 'abcdef', 'gh')).toBe('efgh')
    expect(tailOf(4, 'a', 'bcdefgh')).toBe('efgh')
  })

  it('begins with a complete character', () => {
    expect(tailOf(4, 'aéé')).toBe('éé')
    expect(tailOf(3, 'aéé')).toBe('é')
    expect(tailOf(3, '😀')).toBe('')
  })
})
