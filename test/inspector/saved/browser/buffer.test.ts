import { describe, expect, it } from 'vitest'
import { Buffer as PageBuffer } from '../../../../src/inspector/saved/browser/buffer.ts'

describe('Buffer', () => {
  it.each(['', 'a', 'naïve ☕ 𝄞', '\ud800', 'x'.repeat(100_000)])(
    'encodes %.10s as Node',
    (text) => {
      expect(PageBuffer.from(text).toString('base64')).toBe(Buffer.from(text).toString('base64'))
      expect(PageBuffer.byteLength(text)).toBe(Buffer.byteLength(text))
    },
  )
})
