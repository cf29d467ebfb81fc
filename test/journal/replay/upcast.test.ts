import { describe, expect, it } from 'vitest'
import { upcast, upcastAll } from '../../../src/journal/replay/upcast.ts'
import type { Upcaster } from '../../../src/journal/replay/upcast.ts'

interface Counted {
  readonly type: string
  readonly by?: number
}

/** Version 2 knows how much is counted, version 3 calls it `counted`. */
const upcasters: readonly Upcaster[] = [
  { version: '1', type: 'count', upcast: (event) => ({ by: 1, ...event }) },
  { version: '2', type: 'count', upcast: (event) => ({ ...event, type: 'counted' }) },
]
const record = (event: Counted) => ({ seq: 7, now: 5, event })

describe('upcast', () => {
  it('takes an event through every version since its own', () => {
    expect(upcast(record({ type: 'count' }), '1', upcasters)).toEqual(
      record({ type: 'counted', by: 1 }),
    )
    expect(upcast(record({ type: 'count', by: 4 }), '2', upcasters)).toEqual(
      record({ type: 'counted', by: 4 }),
    )
  })

  it('leaves unchanged what needs no change', () => {
    const other = record({ type: 'other' })
    const today = record({ type: 'counted', by: 2 })
    const time = { seq: 8, now: 6 }
    const check = { after: 7, hash: 'x' }
    for (const kept of [other, today, time, check]) expect(upcast(kept, '1', upcasters)).toBe(kept)
    const current = record({ type: 'count' })
    expect(upcast(current, '3', upcasters)).toBe(current)
  })

  it('changes records one by one, as they are asked for', () => {
    function* records() {
      yield record({ type: 'count' })
      throw new Error('was asked for')
    }
    const today = upcastAll(records(), '1', upcasters)
    expect(today.next().value).toEqual(record({ type: 'counted', by: 1 }))
  })
})
