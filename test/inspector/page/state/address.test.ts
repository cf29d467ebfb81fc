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
      filter: { text: 'lost|failed & ü', isRegex: true, actor: 't', type: 'a.*', failedOnly: true },
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

  it('writes nothing of an empty filter', () => {
    const filter = { text: '', isRegex: false, failedOnly: false }
    expect(formatAddress({ app: 'a', filter })).toBe('#app=a')
  })

  it('leaves out what is no filter of the log', () => {
    const long = 'x'.repeat(501)
    expect(parseAddress(`#find=${long}&find-failed=yes&find-type=`)).toEqual({})
    expect(parseAddress('#find=x&find-regex=0')).toEqual({ filter: { text: 'x' } })
  })

  it('reads a mangled address', () => {
    expect(parseAddress('%%%=&&&#=')).toEqual({})
  })
})
