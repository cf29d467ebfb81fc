import { describe, expect, it } from 'vitest'
import { formatBytes } from '../../../../src/cli/output/printable.ts'
import {
  bytes,
  copiesText,
  countOf,
  createRates,
} from '../../../../src/inspector/page/text/figures.ts'

describe('bytes', () => {
  it('has the units of the command line', () => {
    for (const count of [0, 999, 1000, 12_513, 1e6, 13.66e6, 5e9, 3e12]) {
      expect(bytes(count)).toBe(formatBytes(count))
    }
    expect([999.6e3, 123_456].map(bytes)).toEqual(['1.0 MB', '123 kB'])
  })
})

describe('countOf', () => {
  it('is in the plural, but for one', () => {
    expect([0, 1, 1234].map((count) => countOf(count, 'task'))).toEqual([
      '0 tasks',
      '1 task',
      '1,234 tasks',
    ])
  })
})

describe('copiesText', () => {
  it('counts one copy as one', () => {
    expect([0, 1, 1.004, 1.5, 2, 1234.4].map(copiesText)).toEqual([
      '',
      '1 copy',
      '1 copy',
      '1.5 copies',
      '2 copies',
      '1,234 copies',
    ])
  })
})

describe('createRates', () => {
  it('gives the difference to the previous totals', () => {
    const ratesSince = createRates()
    expect(ratesSince({ requests: 100, bytesServed: 5e6 }, 1000)).toEqual({
      served: '',
      requests: '',
    })
    expect(ratesSince({ requests: 101, bytesServed: 9e6 }, 3000)).toEqual({
      served: '2.0 MB/s now',
      requests: '0.5/s now',
    })
    expect(ratesSince({ requests: 1101, bytesServed: 9e6 }, 3500)).toEqual({
      served: '0 B/s now',
      requests: '2,000/s now',
    })
  })

  it('takes a server that began anew for one without a rate', () => {
    const ratesSince = createRates()
    ratesSince({ requests: 100, bytesServed: 5e6 }, 1000)
    expect(ratesSince({ requests: 1, bytesServed: 10 }, 2000)).toEqual({
      served: '0 B/s now',
      requests: '0/s now',
    })
  })
})
