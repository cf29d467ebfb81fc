import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createByteWriter } from '../../../src/cli/output/byte-writer.ts'

/** What arrives of `content`, written in parts of `size` bytes. */
async function written(content: string, size: number, target = new PassThrough()): Promise<string> {
  const all = text(target)
  const writer = createByteWriter(target)
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += size) await writer.write(bytes.subarray(at, at + size))
  await writer.end()
  target.end()
  return await all
}

describe('createByteWriter', () => {
  it('copies all of it, byte by byte', async () => {
    const long = 'ä\u001b[31m\n'.repeat(5000)
    expect(await written(long, 7)).toBe(long)
  })

  it.each([1, 2, 3, 64])(
    'keeps a terminal from being steered, in parts of %d bytes',
    async (size) => {
      const terminal = Object.assign(new PassThrough(), { isTTY: true })
      const shown = await written('ä€\u0007\n', size, terminal)
      expect(shown).toBe('ä€\n')
    },
  )

  it('takes no more once the reader has left', async () => {
    const target = new PassThrough()
    target.on('error', () => undefined)
    const writer = createByteWriter(target)
    target.destroy()
    expect(await writer.write(Buffer.from('a'))).toBe(false)
    expect(await writer.write(Buffer.from('b'))).toBe(false)
  })
})
