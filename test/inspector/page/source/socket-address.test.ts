import { describe, expect, it } from 'vitest'
import { socketAddress } from '../../../../src/inspector/page/source/socket-address.ts'

describe('socketAddress', () => {
  it.each([
    ['http://127.0.0.1:4040/', '.', 'ws://127.0.0.1:4040/'],
    ['https://host/under/#entry=1', 'inspector/socket', 'wss://host/under/inspector/socket'],
  ])('beside %s, of %s, is %s', (page, path, address) => {
    expect(socketAddress(path, page)).toBe(address)
  })
})
