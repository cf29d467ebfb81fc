import { describe, expect, it } from 'vitest'
import { elementOf, entriesOf, textOf } from '../../../src/coordinates/xml/elements.ts'
import { parseXml } from '../../../src/coordinates/xml/parse-xml.ts'

describe('parseXml', () => {
  const fine = [
    ['a declaration', '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<a><b>1</b></a>'],
    ['comments within a text', '<a><b><!-- 0 -->1<!-- 2 --></b></a>'],
    ['an instruction within a text', '<a><b><?c d?>1</b></a>'],
    ['CDATA', '<a><b><![CDATA[1]]></b></a>'],
    ['references', '<a><b>&#49;</b></a>'],
    ['references in hex', '<a><b>&#x31;</b></a>'],
    ['spaces in tags', '<a ><b\n>1</b ></a\t>'],
    ['attributes', `<a b="1" c='2'd="&lt;"><b>1</b></a>`],
    ['a document type', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><b>1</b></a>'],
    ['comments at the end', '<a><b>1</b></a><!-- c -->\n<?d?>'],
    ['entities of HTML', '<a>&copy;&eacute;&nbsp;<b>1</b></a>'],
  ] as const
  it.each(fine)('reads %s', (_, text) => {
    expect(textOf(parseXml(text, 'it'), 'b')).toBe('1')
  })

  const broken = [
    ['an unknown entity', '<a>&foo;</a>'],
    ['an entity of its own document type', '<!DOCTYPE a [<!ENTITY e "1">]><a>&e;</a>'],
    ['an entity in an attribute', '<a b="&foo;"/>'],
    ['a single &', '<a>b & c</a>'],
    ['a character that XML forbids', '<a>&#2;</a>'],
    ['a character beyond Unicode', '<a>&#x110000;</a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['< in an attribute', '<a b="<"/>'],
    ['dashes in a comment', '<a><!-- b -- c --></a>'],
    [']]> in a text', '<a>]]></a>'],
    ['an end tag of another element', '<a></b>'],
    ['an end tag without a name', '<a></>'],
    ['an end tag without a name behind the root', '<a/></>'],
    ['an end tag that is cut off', '</'],
    ['a missing end tag', '<a><b></b>'],
    ['text before', 'b<a/>'],
    ['text after', '<a/>b'],
    ['a second root', '<a/><a/>'],
    ['XML 1.1', '<?xml version="1.1"?><a/>'],
    ['a declaration that is not first', ' <?xml version="1.0"?><a/>'],
    ['an empty text', ''],
  ] as const
  it.each(broken)('refuses %s', (_, text) => {
    expect(() => parseXml(text, 'it')).toThrow(/^it cannot be read: it is not XML \(.*line 1\)$/)
  })

  it('names the line of the fault, and quotes no text', () => {
    const read = (): unknown => parseXml('<a>\n<password>secret & more</password></a>', 'it')
    expect(read).toThrow('it cannot be read: it is not XML (unknown entity or character, line 2)')
  })

  it('keeps prefixes, other spaces than ASCII, and empty elements', () => {
    const root = parseXml('<a><p:b>\u00A01 </p:b><c/><__proto__>2</__proto__></a>', 'it')
    expect(entriesOf(root)).toEqual([
      ['p:b', '\u00A01'],
      ['c', ''],
      ['__proto__', '2'],
    ])
    expect(elementOf(root, 'c')).toBeDefined()
  })

  it('limits depth and size', () => {
    const deep = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels)
    expect(parseXml(deep(1000), 'it').name).toBe('a')
    expect(() => parseXml(deep(1001), 'it')).toThrow('more than 1000 elements within each other')
    expect(() => parseXml(' '.repeat(8 * 1024 * 1024 + 1), 'it')).toThrow('is larger than')
  })
})
