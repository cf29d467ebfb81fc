import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createAdmission } from '../../src/access/admission.ts'
import type { AdmissionOptions, Turn } from '../../src/access/admission.ts'

const open = new AbortController().signal

/** Enters, and notes the host once it is admitted. */
function recordEntries(options: AdmissionOptions) {
  const admission = createAdmission(options)
  const admitted: string[] = []
  const turns: Turn[] = []
  return {
    admitted,
    turns,
    async enter(remoteAddress: string, closed: AbortSignal = open, holdMs?: number) {
      const request = { remoteAddress, closed, cut: () => undefined }
      const turn = await admission.enter({ ...request, ...(holdMs !== undefined && { holdMs }) })
      if (turn === undefined || 'place' in turn) return turn
      admitted.push(remoteAddress)
      turns.push(turn)
      return 'admitted'
    },
    async endFirst() {
      turns.shift()?.leave()
      for (let ticks = 0; ticks < 5; ticks += 1) await Promise.resolve()
    },
  }
}

describe('createAdmission', () => {
  it('admits the sender with the fewest streams, then the first one', async () => {
    const entries = recordEntries({ maxStreams: 3 })
    for (const host of ['a', 'a', 'b']) await entries.enter(host)
    void ['a', 'b', 'c', 'c'].map((host) => entries.enter(host))
    for (let ends = 0; ends < 4; ends += 1) await entries.endFirst()
    expect(entries.admitted).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('leaves half of the streams to others', async () => {
    const entries = recordEntries({ maxStreams: 4, maxWaiting: 1 })
    void Array.from({ length: 3 }, () => entries.enter('a'))
    await entries.enter('b')
    expect(entries.admitted).toEqual(['a', 'a', 'b'])
    await entries.endFirst()
    expect(entries.admitted).toEqual(['a', 'a', 'b', 'a'])
  })

  it('treats the addresses of one IPv6 network as one sender', async () => {
    const entries = recordEntries({ maxStreams: 2 })
    for (const end of [1, 2]) void entries.enter(`2001:db8::${end}`)
    await entries.enter('2001:db8:0:1::1')
    expect(entries.admitted).toEqual(['2001:db8::1', '2001:db8:0:1::1'])
  })

  it('reports their place to clients that come when too many wait', async () => {
    const entries = recordEntries({ maxStreams: 1, maxWaiting: 1 })
    expect(await entries.enter('a')).toBe('admitted')
    void entries.enter('b')
    expect(await entries.enter('c')).toEqual({ place: 2, waiting: 2, retryAfterSeconds: 1 })
  })

  it('drops the last request of the sender with the most', async () => {
    const entries = recordEntries({ maxStreams: 1, maxWaiting: 3 })
    await entries.enter('a')
    const crowd = Array.from({ length: 3 }, () => entries.enter('b'))
    void entries.enter('c')
    expect(await Promise.race(crowd)).toMatchObject({ place: 4, waiting: 4 })
    await entries.endFirst()
    await entries.endFirst()
    expect(entries.admitted).toEqual(['a', 'b', 'c'])
  })

  it('reports the place when the turn does not come in time', async () => {
    const entries = recordEntries({ maxStreams: 1 })
    await entries.enter('a')
    expect(await entries.enter('b', open, 1)).toMatchObject({ place: 1, waiting: 1 })
  })

  it('keeps the turn of a client that has to come again', async () => {
    const entries = recordEntries({ maxStreams: 1 })
    await entries.enter('a')
    await entries.enter('patient', open, 1)
    void entries.enter('b')
    void entries.enter('patient')
    await entries.endFirst()
    expect(entries.admitted).toEqual(['a', 'patient'])
  })

  it('forgets a sender that left the queue', async () => {
    const entries = recordEntries({ maxStreams: 1, maxWaiting: 1 })
    await entries.enter('a')
    const gone = new AbortController()
    const waiting = entries.enter('b', gone.signal)
    gone.abort()
    expect(await waiting).toBe(undefined)
    const next = entries.enter('c')
    await entries.endFirst()
    expect(await next).toBe('admitted')
    expect(entries.admitted).toEqual(['a', 'c'])
  })

  it('cuts off slow clients for one that does not wait', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const admission = createAdmission({ maxStreams: 4 })
    const cut: string[] = []
    const enter = (name: string, remoteAddress: string) =>
      admission.enter({ remoteAddress, closed: open, holdMs: 0, cut: () => cut.push(name) })
    for (const name of ['slow', 'fast']) {
      const turn = (await enter(name, 'a')) as Turn
      expect(turn.grant(1000)).toBe(1000)
      if (name === 'fast') turn.settle(true)
    }
    vi.advanceTimersByTime(11_000)
    expect(cut).toEqual([])
    const refused = enter('late', 'a')
    await vi.advanceTimersByTimeAsync(1)
    expect(await refused).toMatchObject({ place: 1 })
    expect(cut).toEqual(['slow'])
  })

  it('counts the end of a stream once', async () => {
    const entries = recordEntries({ maxStreams: 1, maxWaiting: 0 })
    await entries.enter('a')
    for (const _ of [1, 2]) entries.turns[0]?.leave()
    expect(await entries.enter('a')).toBe('admitted')
    expect(await entries.enter('a')).toMatchObject({ place: 1 })
  })

  it('gives back granted bytes that were not sent', async () => {
    const entries = recordEntries({ egressBytesPerSecond: 1000 })
    await entries.enter('a')
    await entries.enter('b')
    const [aborted, other] = entries.turns as [Turn, Turn]
    // More than a minute's worth would be used up by these otherwise.
    for (let tries = 0; tries < 70; tries += 1) {
      expect(await aborted.grant(5000)).toBe(1024)
      aborted.settle(false)
    }
    expect(await other.grant(5000)).toBe(1024)
  })

  it('grants nothing to a closed connection', async () => {
    const entries = recordEntries({ egressBytesPerSecond: 1 })
    const closed = new AbortController()
    await entries.enter('a', closed.signal)
    for (const _ of [1, 2]) expect(await entries.turns[0]?.grant(10_000)).toBe(1024)
    const next = entries.turns[0]?.grant(10_000)
    closed.abort()
    expect(await next).toBe(0)
  })
})
