import { describe, expect, it } from 'vitest'
import { describeSyntaxError } from '../../../src/local/http/call-body.ts'

describe('describeSyntaxError', () => {
  it.each([
    ['nope', 'syntax error at line 1 near: nope'],
    ['{"a": 1,\n  "b": oops }\n', 'syntax error at line 2 near: oops }'],
    ['{"a": "never ends', 'syntax error at line 1 near: "never ends'],
    ['', 'syntax error at line 1 near: '],
  ])('says where %j goes wrong', (text, expected) => {
    expect(describeSyntaxError(Buffer.from(text))).toBe(expected)
  })
})
