import { describe, expect, it } from 'vitest'
import { preconditionStatus, rangeApplies } from '../../../src/server/http/conditions.ts'

const etag = '"sha256-aa"'

describe('preconditionStatus', () => {
  it.each([etag, '*', ' * ', `"x", ${etag}`, `${etag},`, `,"x",,${etag} `, `W/${etag}`])(
    'answers 304 to If-None-Match: %s',
    (header) => {
      expect(preconditionStatus({ 'if-none-match': header }, etag)).toBe(304)
    },
  )

  it.each([
    '"x"',
    '',
    'sha256-aa',
    '"sha256-aa',
    `${etag} "x"`,
    '"shaW/256-aa"',
    `w/${etag}`,
    '"*"',
  ])('sends the blob to If-None-Match: %s', (header) => {
    expect(preconditionStatus({ 'if-none-match': header }, etag)).toBeUndefined()
  })

  it.each([etag, '*', `"x",${etag}`])('continues after If-Match: %s', (header) => {
    expect(preconditionStatus({ 'if-match': header }, etag)).toBeUndefined()
  })

  it.each(['"x"', `W/${etag}`, '', 'sha256-aa'])('answers 412 to If-Match: %s', (header) => {
    expect(preconditionStatus({ 'if-match': header }, etag)).toBe(412)
  })

  it('looks at If-Match before If-None-Match', () => {
    expect(preconditionStatus({ 'if-match': '"x"', 'if-none-match': etag }, etag)).toBe(412)
    expect(preconditionStatus({ 'if-match': etag, 'if-none-match': etag }, etag)).toBe(304)
  })

  it('ignores dates, having none to compare', () => {
    const date = 'Wed, 01 Jan 2020 00:00:00 GMT'
    const headers = { 'if-modified-since': date, 'if-unmodified-since': date }
    expect(preconditionStatus(headers, etag)).toBeUndefined()
  })

  it('reads a hostile list in one pass', () => {
    // Exponential backtracking would never come back from this one.
    const header = `"x"${' , '.repeat(4000)}!`
    expect(preconditionStatus({ 'if-none-match': header }, etag)).toBeUndefined()
  })
})

describe('rangeApplies', () => {
  it('holds without If-Range and with the same strong tag', () => {
    expect(rangeApplies({}, etag)).toBe(true)
    expect(rangeApplies({ 'if-range': etag }, etag)).toBe(true)
  })

  it.each(['"x"', `W/${etag}`, 'Wed, 01 Jan 2020 00:00:00 GMT', '*', ''])(
    'fails for If-Range: %s',
    (header) => {
      expect(rangeApplies({ 'if-range': header }, etag)).toBe(false)
    },
  )
})
