import { describe, expect, it } from 'vitest'
import { messageOf, withoutUserinfo } from '../src/errors.ts'

describe('messageOf', () => {
  it('takes the message of an error, and the text of anything else', () => {
    expect([new Error('late'), 'late', undefined].map(messageOf)).toEqual([
      'late',
      'late',
      'undefined',
    ])
  })
})

describe('withoutUserinfo', () => {
  it.each([
    'https://me:hush@h/',
    'https:/me:hush@h/',
    'https:me:hush@h/',
    'https:\\\\me:hush@h/',
    'https:/\t/me:hush@h/',
    'https:///me:hu@sh@h/',
    'https://me:#hush@h/',
    'https://me:?hush@h/',
    'https://me:hush%40@h/',
  ])('removes what is a password for URL, or may be one: %j', (address) => {
    expect(withoutUserinfo(address)).toBe('https://h/')
  })

  it.each(['https://h/feed@Local/maven', 'http://h:80/', 'h:5050'])('leaves %s', (address) => {
    expect(withoutUserinfo(address)).toBe(address)
  })
})
