import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpack } from '../../../../src/inspector/page/saved/unpack.ts'

function pack(text: string, pieceChars: number): readonly string[] {
  const base64 = gzipSync(text).toString('base64')
  return base64.match(new RegExp(`.{1,${pieceChars}}`, 'g')) ?? []
}

describe('unpack', () => {
  it('gives the text back, and counts the pieces', async () => {
    const text = Array.from({ length: 2000 }, (_, index) => `ä line ${index} 🚀`).join('\n')
    const pieces = pack(text, 400)
    let count = 0
    expect((await unpack(pieces, () => (count += 1))).join('')).toBe(text)
    expect(count).toBe(pieces.length)
    expect(count).toBeGreaterThan(5)
  })

  it('rejects what is damaged', async () => {
    const [piece = ''] = pack('text', 4000)
    await expect(unpack([piece.slice(0, -8)])).rejects.toThrow()
    await expect(unpack(['!'])).rejects.toThrow()
  })
})
