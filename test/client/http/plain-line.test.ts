import { describe, expect, it } from 'vitest'
import { toPlainLine } from '../../../src/client/http/plain-line.ts'

describe('toPlainLine', () => {
  it.each([
    ['<!DOCTYPE html><title>No</title><style>a{}</style>\n<p>Gone&nbsp;away</p>', 'No Gone away'],
    ['<h1>Nope</h1>', 'Nope'],
    ['one\r\ntwo\u001b]0;x\u0007 \u202eevil', 'one two ]0;x evil'],
    ['{"a":"<b>"}', '{"a":"<b>"}'],
  ])('of %j is text on one line', (body, line) => {
    expect(toPlainLine(body)).toBe(line)
  })
})
