import { describe, expect, it } from 'vitest'
import {
  createMarkerSearch,
  createReplyDecoder,
} from '../../../../src/executor/tasks/warm/frames.ts'

function reply(status: number, reason: string): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + Buffer.byteLength(reason))
  head.writeInt32BE(status, 4)
  return Buffer.concat([head, Buffer.from(reason)])
}

function cut(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

describe('createReplyDecoder', () => {
  it.each([1, 2, 3, 5, 10, 60])('decodes the same replies in pieces of %i bytes', (size) => {
    const decode = createReplyDecoder(() => 4096)
    const bytes = Buffer.concat([
      reply(0, ''),
      reply(-1, 'größer'),
      reply(143, 'its thread is left'),
    ])
    expect(cut(bytes, size).flatMap((piece) => decode(piece))).toEqual([
      { status: 0, text: '' },
      { status: -1, text: 'größer' },
      { status: 143, text: 'its thread is left' },
    ])
  })

  it.each([
    ['too long', reply(0, 'x'.repeat(4097))],
    ['too short', Buffer.from([0, 0, 0, 3, 0, 0, 0])],
    ['of negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['text', Buffer.from('what a task may write')],
  ])('refuses a reply that is %s', (_, bytes) => {
    expect(() => createReplyDecoder(() => 4096)(bytes)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }),
    )
  })
})

describe('createMarkerSearch', () => {
  const marker = Buffer.from('abcabd')

  it.each([1, 2, 3, 5, 10, 60])('finds the marker in pieces of %i bytes', (size) => {
    const search = createMarkerSearch(marker)
    const pieces = cut(Buffer.from('abcab abcabcabd'), size).map((piece) => search.push(piece))
    expect(Buffer.concat(pieces).toString()).toBe('abcab abc')
    expect(search.isFound()).toBe(true)
  })

  it('gives nothing of what comes after the marker', () => {
    const search = createMarkerSearch(marker)
    expect(search.push(Buffer.from('xabcabdy')).toString()).toBe('x')
    expect(search.push(Buffer.from('late')).toString()).toBe('')
    expect(search.isFound()).toBe(true)
  })

  it('holds back only a possible beginning of the marker', () => {
    const search = createMarkerSearch(marker)
    expect(search.push(Buffer.from('xyzabc')).toString()).toBe('xyz')
    expect(search.isFound()).toBe(false)
    expect(search.rest().toString()).toBe('abc')
    expect(search.push(Buffer.from('x')).toString()).toBe('abcx')
  })
})
