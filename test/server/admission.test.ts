import { describe, expect, it } from 'vitest'
import { createAdmission } from '../../src/server/admission.ts'

const open = new AbortController().signal

/** Enters, and notes the host once it is admitted. */
function recordEntries(admission: ReturnType<typeof createAdmission>) {
  const admitted: string[] = []
  const ends: (() => void)[] = []
  return {
    admitted,
    async enter(host: string, closed: AbortSignal = open) {
      const leave = await admission.enter(host, closed)
      if (typeof leave !== 'function') return leave
      admitted.push(host)
      ends.push(leave)
      return 'admitted'
    },
    async endFirst() {
      ends.shift()?.()
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

describe('createAdmission', () => {
  it('admits the host that is sent least first, then who came first', async () => {
    const entries = recordEntries(createAdmission({ maxStreams: 3 }))
    for (const host of ['a', 'a', 'b']) await entries.enter(host)
    void ['a', 'b', 'c', 'c'].map((host) => entries.enter(host))
    await entries.endFirst()
    await entries.endFirst()
    await entries.endFirst()
    await entries.endFirst()
    expect(entries.admitted).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('tells those who come when too many wait', async () => {
    const entries = recordEntries(createAdmission({ maxStreams: 1, maxWaiting: 1 }))
    expect(await entries.enter('a')).toBe('admitted')
    void entries.enter('b')
    expect(await entries.enter('c')).toBe('full')
  })

  it('forgets who left while waiting', async () => {
    const entries = recordEntries(createAdmission({ maxStreams: 1, maxWaiting: 1 }))
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

  it('counts the end of a stream once', async () => {
    const admission = createAdmission({ maxStreams: 1, maxWaiting: 0 })
    const leave = await admission.enter('a', open)
    if (typeof leave === 'function') [leave, leave].forEach((end) => end())
    expect(typeof (await admission.enter('a', open))).toBe('function')
    expect(await admission.enter('a', open)).toBe('full')
  })

  it('refuses bounds that would let nothing through', () => {
    expect(() => createAdmission({ maxStreams: 0 })).toThrow('maxStreams must be 1 or more')
    expect(() => createAdmission({ egressBytesPerSecond: -1 })).toThrow('egressBytesPerSecond')
  })
})
