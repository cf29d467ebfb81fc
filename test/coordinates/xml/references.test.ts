import { describe, expect, it } from 'vitest'
import { replaceReferences } from '../../../src/coordinates/xml/references.ts'

describe('replaceReferences', () => {
  it.each([
    ['a', 'a'],
    ['&lt;&gt;&amp;&quot;&apos;', `<>&"'`],
    ['&#97;&#x62;&#x1F600;', 'ab\u{1F600}'],
    ['&amp;lt;', '&lt;'],
    ['&copy; &eacute;', '&copy; &eacute;'],
  ])('turns %s into %s', (written, replaced) => {
    expect(replaceReferences(written)).toBe(replaced)
  })

  it.each(['&foo;', 'a & b', '&#0;', '&#xD800;', '&#x110000;', '&lt'])('refuses %s', (written) => {
    expect(replaceReferences(written)).toBeUndefined()
  })
})
