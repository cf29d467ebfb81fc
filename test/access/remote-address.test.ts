import { describe, expect, it } from 'vitest'
import { senderOf } from '../../src/access/remote-address.ts'

describe('senderOf', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::1', '0:0:0:0'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0'],
    ['2001:db8:1:2:3::', '2001:db8:1:2'],
    ['fe80::1:2:3:4', 'fe80:0:0:0'],
    [undefined, 'unknown'],
  ])('%s counts as %s', (address, sender) => {
    expect(senderOf(address)).toBe(sender)
  })
})
