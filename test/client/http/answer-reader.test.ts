import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerReader } from '../../../src/client/http/answer-reader.ts'
import { readByNode } from './read-by-node.ts'

interface Seen {
  readonly status: number
  body: string
  isComplete: boolean
}

/** What a reader makes of pieces, and of the end of the connection after them. */
function read(pieces: readonly (string | Uint8Array)[], { ends = false } = {}) {
  const answers: Seen[] = []
  const last = () => answers.at(-1) as Seen
  const reader = new AnswerReader({
    onHead: ({ status }) => answers.push({ status, body: '', isComplete: false }),
    onBody: (bytes) => (last().body += Buffer.from(bytes).toString('latin1')),
    onEnd: () => (last().isComplete = true),
  })
  let error: string | undefined
  try {
    for (const piece of pieces) reader.read(Buffer.from(piece as string, 'latin1'))
    if (ends) reader.finish()
  } catch (thrown) {
    error = (thrown as Error).message
  }
  return { answers, error, isBetween: reader.isBetween }
}

const answersOf = (text: string, ends = false) => read([text], { ends }).answers
const accepted = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
const refused = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nno no'
const chunked =
  'HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nno \r\n2;a="b"\r\nno\r\n0\r\nA: b\r\n\r\n'
const interim = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'
const untilClose = 'HTTP/1.0 503 \r\n\r\nnot yet'

describe('AnswerReader', () => {
  it('reads answers that come in one piece', () => {
    expect(read([accepted + refused + interim + chunked + accepted])).toEqual({
      answers: [
        { status: 202, body: '', isComplete: true },
        { status: 400, body: 'no no', isComplete: true },
        { status: 400, body: 'no no', isComplete: true },
        { status: 202, body: '', isComplete: true },
      ],
      error: undefined,
      isBetween: true,
    })
  })

  it('reads the same answers split at any byte, and byte by byte', () => {
    const all = accepted + refused + interim + chunked + accepted + untilClose
    const whole = read([all], { ends: true })
    expect(whole.answers).toHaveLength(5)
    for (let at = 1; at < all.length; at++)
      expect(read([all.slice(0, at), all.slice(at)], { ends: true })).toEqual(whole)
    expect(read(all.split(''), { ends: true })).toEqual(whole)
  })

  it('ends a body without a length with the connection', () => {
    expect(answersOf(untilClose)).toEqual([{ status: 503, body: 'not yet', isComplete: false }])
    expect(answersOf(untilClose, true)).toEqual([
      { status: 503, body: 'not yet', isComplete: true },
    ])
  })

  it('leaves an answer incomplete whose end is missing', () => {
    expect(answersOf(refused.slice(0, -1), true)).toMatchObject([{ isComplete: false }])
    expect(answersOf(chunked.slice(0, -1), true)).toMatchObject([{ isComplete: false }])
  })

  it('ignores what follows the last answer of a connection', () => {
    const last = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n!'
    expect(read([last + accepted, '\0'])).toMatchObject({
      answers: [{ status: 200, body: '!', isComplete: true }],
      error: undefined,
    })
  })

  it('knows whether a next answer has begun', () => {
    expect(read([]).isBetween).toBe(true)
    expect(read([`${accepted}H`]).isBetween).toBe(false)
    expect(read([refused.slice(0, -1)]).isBetween).toBe(false)
  })

  it.each(['220 mail.example ESMTP', 'HTTP/2', '\x15\x03\x01', 'ICY 200', '\r\n', 'h'])(
    'refuses %j at once, before any end of a line',
    (text) => {
      expect(read([text]).error).toMatch(/does not begin with HTTP\/1/)
    },
  )

  it.each([
    ['no size', '\r\nabc'],
    ['a size that is no number', 'g\r\n'],
    ['a signed size', '+3\r\nabc\r\n'],
    ['a hexadecimal prefix', '0x3\r\nabc\r\n'],
    ['a space after the size', '3 \r\nabc\r\n'],
    ['a size beyond 32 bits', '100000000\r\n'],
    ['a bare line feed after the size', '3\nabc\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '3\r\nabcd\r\n'],
    ['a chunk without its end', '3\r\nabc\n0\r\n\r\n'],
    ['an endless extension', `3;${'x'.repeat(300)}`],
    ['endless trailers', `0\r\n${'a: b\r\n'.repeat(11_000)}`],
  ])('refuses chunks with %s', (_, body) => {
    const start = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(read([start + body]).error).toMatch(/not valid HTTP/)
    expect(read((start + body).split('')).error).toMatch(/not valid HTTP/)
  })

  it('refuses an endless head, however it comes', () => {
    const endless = `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(64 * 1024)}`
    expect(read([endless]).error).toMatch(/too long/)
    expect(read(endless.match(/.{1,1000}/gs) ?? []).error).toMatch(/too long/)
  })
})

const word = fc.stringMatching(/^[a-z]{0,12}$/)
const status = fc.constantFrom(200, 202, 204, 304, 307, 400, 403, 503)

interface Answer {
  readonly status: number
  readonly body: string
  /** With a length, with chunks, or with chunks and a trailer. */
  readonly form: number
  /** Of a chunk. */
  readonly size: number
}

/** One that both readers must understand. */
const answer: fc.Arbitrary<Answer> = fc.record({
  status,
  body: word,
  form: fc.nat(2),
  size: fc.integer({ min: 1, max: 9 }),
})

function textOf({ status, body, form, size }: Answer): string {
  const start = `HTTP/1.1 ${status} Some Reason\r\nX-Word: ${body}\r\n`
  if (status === 204 || status === 304) return `${start}\r\n`
  if (form === 0) return `${start}Content-Length: ${body.length}\r\n\r\n${body}`
  const pieces = body.match(new RegExp(`.{1,${size}}`, 'g')) ?? []
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
  const trailer = form === 1 ? '' : 'X-Trailer: 1\r\n'
  return `${start}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n${trailer}\r\n`
}

function split(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...places].map((from, index) => text.slice(from, places[index]))
}

describe('AnswerReader beside the reader of node:http', () => {
  it('reads the same from answers in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.array(fc.nat(), { maxLength: 6 }), async (one, cuts) => {
        const text = textOf(one)
        const [seen] = read(split(text, cuts)).answers
        expect(seen).toEqual(await readByNode(text))
        expect(seen).toMatchObject({ status: one.status, isComplete: true })
      }),
      { numRuns: 200 },
    )
  })

  it('accepts nothing that node:http refuses, and reads it as node:http does', async () => {
    const changed = fc.constantFrom(
      '\r',
      '\n',
      ' ',
      ':',
      '\t',
      '0',
      'f',
      ',',
      ';',
      '\0',
      '\xa0',
      '\xff',
      '',
    )
    await fc.assert(
      fc.asyncProperty(answer, fc.nat(), changed, async (one, place, other) => {
        const text = textOf(one)
        const at = place % text.length
        const hostile = text.slice(0, at) + other + text.slice(at + 1)
        const { answers, error } = read([hostile])
        const [seen] = answers
        if (error === undefined && seen?.isComplete === true)
          expect(seen).toEqual(await readByNode(hostile))
      }),
      { numRuns: 500 },
    )
  })
})
