import { describe, expect, it } from 'vitest'
import {
  append,
  maxChars,
  maxLines,
  noText,
} from '../../../../../src/inspector/page/views/sandbox/tail-text.ts'

const part = (offset: number, text: string) => {
  return { offset, text, next: offset + new TextEncoder().encode(text).length }
}

describe('append', () => {
  it('joins lines that came in parts', () => {
    const tail = ['one\ntw', 'o\r\nthr', 'ee\n'].reduce(
      (earlier, text) => append(earlier, part(earlier.end, text)),
      noText,
    )
    expect(tail.lines).toEqual(['one', 'two', 'three'])
    expect(append(tail, part(tail.end, '')).lines).toEqual(tail.lines)
    expect(append(tail, part(tail.end, 'four')).lines).toEqual([...tail.lines, 'four'])
  })

  it('asks on after bytes, not after characters', () => {
    expect(append(noText, part(0, 'äöü\n')).end).toBe(7)
  })

  it('begins anew after a jump', () => {
    const tail = append(append(noText, part(0, 'old\nold')), part(100, 'new\n'))
    expect(tail).toMatchObject({ start: 100, end: 104, lines: ['new'] })
  })

  it('drops the oldest lines, and knows how many bytes they had', () => {
    const line = 'ü'.repeat(999)
    const text = `${line}\n`.repeat(1000)
    let tail = noText
    for (let times = 0; times < 5; times += 1) tail = append(tail, part(tail.end, text))
    expect(tail.chars).toBeLessThanOrEqual(maxChars)
    expect(tail.start + tail.lines.length * (2 * 999 + 1)).toBe(tail.end)
    const short = append(noText, part(0, 'x\n'.repeat(maxLines + 1)))
    expect(short.lines.length).toBeLessThanOrEqual(maxLines)
  })

  it('bounds a line without an end', () => {
    const tail = append(noText, part(0, 'x'.repeat(maxChars + 1)))
    expect(tail.lines[0]).toHaveLength(maxChars / 2)
    expect(tail).toMatchObject({ start: maxChars / 2 + 1, end: maxChars + 1, chars: maxChars / 2 })
  })
})
