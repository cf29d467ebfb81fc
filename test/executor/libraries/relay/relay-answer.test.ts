import { describe, expect, it } from 'vitest'
import { stripeCount } from '../../../../src/domain/relay/stripes.ts'
import { linesOf, parseAnswer } from '../../../../src/executor/libraries/relay/relay-answer.ts'

const stripes = Array.from({ length: stripeCount }, (_, stripe) => stripe)

async function* textOf(...parts: readonly string[]): AsyncGenerator<string> {
  for (const part of parts) {
    await Promise.resolve()
    yield part
  }
}

async function readAll(...parts: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of linesOf(textOf(...parts))) lines.push(line)
  return lines
}

describe('linesOf', () => {
  it('joins lines that arrive in several parts', async () => {
    expect(await readAll('a', 'b\nc', '\nd\n')).toEqual(['ab', 'c', 'd'])
  })

  it('skips empty lines and a last line without end', async () => {
    expect(await readAll('\n\na\n\nb')).toEqual(['a'])
  })

  it('refuses a line without end', async () => {
    await expect(readAll('x'.repeat(4097))).rejects.toThrow('a line is too long')
  })
})

describe('parseAnswer', () => {
  it('reads the source and the hops of each stripe', () => {
    const sources = stripes.map((stripe) => (stripe === 0 ? 'server' : `10.0.0.${stripe}:4000`))
    const line = JSON.stringify({ sources, hops: stripes.map((stripe) => stripe + 1) })
    const answer = parseAnswer(line)
    expect(answer).toHaveLength(stripeCount)
    expect(answer[0]).toEqual({ id: 'server', hops: 1 })
    expect(answer[1]).toEqual({ id: '10.0.0.1:4000', hops: 2 })
  })

  it.each(['', 'null', '{}', '{"sources":[],"hops":[]}', '{"sources":["server"],"hops":[1]}', '['])(
    'has no sources for %j',
    (line) => expect(parseAnswer(line)).toEqual([]),
  )

  it.each([1, null, 'host', 'host:x', 'a@b:1', 'host:1/path', 'host:123456', '[::1]', 'a b:1'])(
    'uses the server in place of the address %j',
    (id) => {
      const line = JSON.stringify({ sources: stripes.map(() => id), hops: stripes.map(() => 2) })
      expect(parseAnswer(line)[0]).toEqual({ id: 'server', hops: 2 })
    },
  )

  it('limits hops to 1 to 100', () => {
    const sources = stripes.map(() => '[::1]:80')
    const hops = [-1, 1e9, 'x', ...stripes.slice(3)]
    const answer = parseAnswer(JSON.stringify({ sources, hops }))
    expect(answer.slice(0, 3).map((source) => source.hops)).toEqual([1, 100, 1])
  })
})
