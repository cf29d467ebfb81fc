import { describe, expect, it } from 'vitest'
import {
  createFrameDecoder,
  encodeInterrupt,
} from '../../../../src/executor/tasks/warm-jvm/frames.ts'

function frame(kind: string, number: number, body: string): Buffer {
  const header = Buffer.alloc(9)
  header.write(kind, 'latin1')
  header.writeInt32BE(number, 1)
  header.writeInt32BE(body.length, 5)
  return Buffer.concat([header, Buffer.from(body)])
}

describe('createFrameDecoder', () => {
  it('gives the same frames however the bytes come', () => {
    const bytes = Buffer.concat([
      frame('O', 1, 'hello'),
      frame('X', 2, ''),
      frame('D', 1, '\0\0\0\0'),
    ])
    for (const size of [1, 2, 3, 5, 10, 60]) {
      const decode = createFrameDecoder()
      const frames = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        decode(bytes.subarray(index * size, (index + 1) * size)),
      ).flat()
      expect(frames.map(({ kind, number, body }) => [kind, number, String(body)])).toEqual([
        ['O', 1, 'hello'],
        ['X', 2, ''],
        ['D', 1, '\0\0\0\0'],
      ])
    }
  })

  it.each([
    ['of no kind', frame('?', 1, '')],
    ['that only the executor sends', encodeInterrupt(1)],
    ['that is too long', frame('O', 1, 'x'.repeat(64 * 1024 + 1))],
    ['of negative length', Buffer.from([0x4f, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff])],
  ])('refuses a frame %s', (_, bytes) => {
    expect(() => createFrameDecoder()(bytes)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }),
    )
  })
})
