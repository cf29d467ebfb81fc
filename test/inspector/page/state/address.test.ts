import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../../../../src/inspector/page/state/address.ts'

describe('parseAddress', () => {
  it('reads what formatAddress writes', () => {
    const address = {
      app: 'a & b=c',
      entry: 1200,
      view: 'sequence',
      actor: 'tasks/7 ü#',
      panel: 'why',
    }
    expect(parseAddress(formatAddress(address))).toEqual(address)
  })

  it('follows the newest entry without an entry', () => {
    expect(parseAddress('#app=a')).toEqual({ app: 'a' })
    expect(formatAddress({ app: 'a' })).toBe('#app=a')
  })

  it.each(['-1', '1e3', 'x', '', '9999999999999999'])('leaves out the entry %j', (entry) => {
    expect(parseAddress(`#entry=${entry}&view=sequence`)).toEqual({ view: 'sequence' })
  })

  it('reads a mangled address', () => {
    expect(parseAddress('%%%=&&&#=')).toEqual({})
  })
})
