import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { followBytes } from '../../../src/client/agents/follow-bytes.ts'
import type { FollowOptions } from '../../../src/client/agents/follow-bytes.ts'
import { JarcastError } from '../../../src/errors.ts'

const maxPart = 64 * 1024

/** A file that may grow, and the reads that are open at a time. */
function createFile(start: string, answerBytes = maxPart) {
  const file = { bytes: Buffer.from(start), reads: 0, open: 0, maxOpen: 0 }
  async function read(offset: number) {
    file.reads += 1
    file.open += 1
    file.maxOpen = Math.max(file.maxOpen, file.open)
    await Promise.resolve()
    file.open -= 1
    const data = file.bytes.subarray(offset, offset + answerBytes)
    return { data, size: file.bytes.length }
  }
  return { file, read }
}

async function textOf(options: FollowOptions): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of followBytes(options)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

const long = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('')

describe('followBytes', () => {
  it.each([maxPart, 1000, 65_535])(
    'reads all bytes in order, in answers of %d bytes',
    async (size) => {
      const { read, file } = createFile(long, size)
      expect(await textOf({ read, offset: 0 })).toBe(long)
      expect(file.maxOpen).toBeLessThanOrEqual(4)
    },
  )

  it('begins at an offset, and gives nothing of a file that is shorter or missing', async () => {
    expect(await textOf({ read: createFile('abcdef').read, offset: 4 })).toBe('ef')
    expect(await textOf({ read: createFile('abc').read, offset: 4 })).toBe('')
    expect(await textOf({ read: () => Promise.resolve(undefined), offset: 0 })).toBe('')
  })

  it('follows a file until it is over, with what was written last', async () => {
    const { file, read } = createFile('one ')
    const more = ['two ', 'three']
    async function isOver() {
      const next = more.shift()
      if (next !== undefined) file.bytes = Buffer.from(file.bytes.toString() + next)
      return Promise.resolve(next === undefined)
    }
    expect(await textOf({ read, offset: 0, isOver })).toBe('one two three')
  })

  it('asks again from the same byte when an answer is missing', async () => {
    const { read } = createFile(long)
    const failures: string[] = []
    let count = 0
    const flaky = (offset: number) => {
      count += 1
      return count % 5 === 0 ? Promise.reject(unreachable(true)) : read(offset)
    }
    const onRetry = ({ code }: JarcastError) => void failures.push(code)
    expect(await textOf({ read: flaky, offset: 0, onRetry })).toBe(long)
    expect(failures.length).toBeGreaterThan(0)
  })

  it('throws what no further attempt changes', async () => {
    const read = () => Promise.reject(unreachable(false))
    const onRetry = () => undefined
    const reading = textOf({ read, offset: 0, onRetry })
    await expect(reading).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
  })

  it.each([
    ['a minute while the file may grow', false, 31_000, 2],
    ['two seconds once the file is complete', true, 2000, 1],
  ])('asks again for %s', async (_, isComplete, answerMs, attempts) => {
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
    onTestFinished(() => clock.mockRestore())
    let reads = 0
    function read() {
      reads += 1
      now += answerMs
      return Promise.reject(unreachable(true))
    }
    const isOver = () => Promise.resolve(isComplete)
    const reading = textOf({ read, offset: 0, isOver, onRetry: () => undefined })
    await expect(reading).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
    expect(reads).toBe(attempts)
  })

  it('gives up early where the file is complete by then', async () => {
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
    onTestFinished(() => clock.mockRestore())
    let reads = 0
    function read() {
      reads += 1
      now += 20_000
      return Promise.reject(unreachable(true))
    }
    const isOver = () => Promise.resolve(reads > 0)
    const reading = textOf({ read, offset: 0, isOver, onRetry: () => undefined })
    await expect(reading).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
    expect(reads).toBe(1)
  })

  it('reads no further than it is taken', async () => {
    const { read, file } = createFile('x'.repeat(100 * maxPart))
    const parts = followBytes({ read, offset: 0 })
    await parts.next()
    await parts.next()
    expect(file.reads).toBeLessThanOrEqual(6)
    await parts.return(undefined)
  })

  it('ends after an abort', async () => {
    const stop = new AbortController()
    const { read } = createFile('abc')
    const isOver = () => Promise.resolve(false)
    const parts: string[] = []
    for await (const part of followBytes({ read, offset: 0, isOver, signal: stop.signal })) {
      parts.push(Buffer.from(part).toString())
      stop.abort()
    }
    expect(parts).toEqual(['abc'])
  })
})

function unreachable(retryable: boolean): JarcastError {
  return new JarcastError('AGENT_UNREACHABLE', 'no answer', { retryable })
}
