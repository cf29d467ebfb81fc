import { describe, expect, it } from 'vitest'
import { keysOf } from '../../../../src/mesos/encoding/scan/json-keys.ts'
import { JsonScanner } from '../../../../src/mesos/encoding/scan/json-scanner.ts'
import { unusual } from '../../../../src/mesos/encoding/scan/unusual.ts'

/** Passes over the first member of `record`, which lies in a chunk before `behind`. */
function firstMember(record: string, behind = ''): unknown {
  const scanner = new JsonScanner(Buffer.from(`8\n${record}${behind}`), () => undefined)
  scanner.begin(2, 2 + record.length)
  try {
    scanner.firstKey(keysOf(['known']))
    return scanner.other(undefined)
  } catch (error) {
    return error
  }
}

describe('JsonScanner', () => {
  it('passes over a member with all that it contains', () => {
    expect(firstMember('{"a":[1,"}",{"b":"\\""}],"c":2}')).toBe('"a":[1,"}",{"b":"\\""}]')
    expect(firstMember('{"a":1}')).toBe('"a":1')
  })

  it.each([
    ['{"a":[1', ']}'],
    ['{"a":{"b":1', '}}'],
    ['{"a":"b', '"}'],
    ['{"a":"\\', '""}'],
    ['{"a":1', '}'],
  ])('searches no other record for the end of %j', (record, behind) => {
    expect(firstMember(`${record}${behind}`)).not.toBe(unusual)
    expect(firstMember(record, behind)).toBe(unusual)
  })
})
