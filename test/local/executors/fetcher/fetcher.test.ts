import { describe, expect, it } from 'vitest'
import { basenameOf } from '../../../../src/local/executors/fetcher/fetcher.ts'

describe('basenameOf', () => {
  it.each([
    ['http://host/a/b.jar', 'b.jar'],
    ['http://host/b.jar?x=1&y=2', 'b.jar?x=1&y=2'],
    ['file:///srv/b.tgz', 'b.tgz'],
    ['/srv/b.tgz', 'b.tgz'],
  ])('of %s is %s', (uri, expected) => {
    expect(basenameOf(uri)).toBe(expected)
  })

  it.each(['http://host', 'http://host/', "http://host/it's", 'http://host/a\\b', 'http://h/\0'])(
    'refuses %j',
    (uri) => {
      expect(() => basenameOf(uri)).toThrow(/URI/u)
    },
  )
})
