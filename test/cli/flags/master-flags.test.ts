import { describe, expect, it } from 'vitest'
import { describeMaster } from '../../../src/cli/flags/master-flags.ts'

describe('describeMaster', () => {
  it('leaves user and password out', () => {
    expect(describeMaster('zk://me:h@u:sh@a:2181,b:2181/mesos')).toBe('zk://a:2181,b:2181/mesos')
    expect(describeMaster('http://a:5050,https://me:hush@b')).toBe('http://a:5050,https://b')
    expect(describeMaster('a:5050')).toBe('a:5050')
  })
})
