/**
 * XML documents of registries and of Maven's settings, as elements with text. As strict and as
 * lenient as the parser of Maven, which knows no entities but those of XML and HTML. Bounded;
 * document
 * types are passed over, so nothing is expanded or fetched.
 * Source: plexus-utils 3.4, "MXParser".
 */
import { JarcastError } from '../../errors.ts'
import { htmlEntities } from './html-entities.ts'

export interface XmlElement {
  readonly name: string
  /** What stands directly in it, with character references replaced; spaces are kept. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface OpenElement extends XmlElement {
  text: string
  readonly children: OpenElement[]
}

const maxBytes = 8 * 1024 * 1024
const maxDepth = 1000
const namePattern = String.raw`[:A-Z_a-z\u{C0}-\u{FFEF}][-.\w:\u{B7}-\u{FFEF}]*`
const startTag = new RegExp(`<(${namePattern})`, 'uy')
const endTag = new RegExp(String.raw`</(${namePattern})\s*>`, 'uy')
const attribute = new RegExp(String.raw`\s*(${namePattern})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'uy')
const tagEnd = /\s*(\/?)>/y
const declaration =
  /^<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>/
const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([A-Za-z]\w*));/giy
const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * The root of a document. Throws `PACKAGE_INVALID` naming `source`, the line and no text of it (a
 * password may stand there) when the text is no XML, is larger than 8 MiB or deeper than 1,000
 * elements, or has another root than `root`.
 */
export function parseXml(text: string, source: string, root?: string): XmlElement {
  if (text.length > maxBytes) throw corrupt(source, `it is larger than ${maxBytes} bytes`)
  const found = parseRoot(text, source)
  if (root === undefined || found.name === root) return found
  throw corrupt(source, `it has no element <${root}>`)
}

function parseRoot(text: string, source: string): XmlElement {
  const open: OpenElement[] = []
  let root: XmlElement | undefined
  let position = declaration.exec(text)?.[0].length ?? 0

  function fault(why: string): JarcastError {
    const line = text.slice(0, position).split('\n').length
    return corrupt(source, `it is no XML (${why}, line ${line})`)
  }

  /** Goes on behind the end of what begins here. */
  function skipTo(end: string, what: string): string {
    const at = text.indexOf(end, position)
    if (at < 0) throw fault(`${what} has no end`)
    const inner = text.slice(position, at)
    position = at + end.length
    return inner
  }

  function match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = position
    const found = pattern.exec(text) ?? undefined
    if (found !== undefined) position = pattern.lastIndex
    return found
  }

  function decode(written: string): string {
    if (written.includes(']]>')) throw fault(']]> stands in a text')
    let decoded = ''
    let from = 0
    for (let at = written.indexOf('&'); at >= 0; at = written.indexOf('&', from)) {
      reference.lastIndex = at
      const found = reference.exec(written)
      const value = found === null ? undefined : valueOf(found)
      if (value === undefined) throw fault('unknown entity or character')
      decoded += written.slice(from, at) + value
      from = reference.lastIndex
    }
    return decoded + written.slice(from)
  }

  function addText(added: string): void {
    const parent = open.at(-1)
    if (parent !== undefined) parent.text += added
    else if (added.trim() !== '') throw fault('text outside of the first element')
  }

  function addElement(name: string): void {
    if (root !== undefined) throw fault('a second element on its own')
    const names = new Set<string>()
    for (let found = match(attribute); found !== undefined; found = match(attribute)) {
      const [, attributeName = '', ...values] = found
      if (names.has(attributeName)) throw fault('an attribute stands twice')
      names.add(attributeName)
      decode(values.join(''))
    }
    const end = match(tagEnd)
    if (end === undefined) throw fault('a tag has no end')
    const element: OpenElement = { name, text: '', children: [] }
    open.at(-1)?.children.push(element)
    if (end[1] !== '/') open.push(element)
    else if (open.length === 0) root = element
    if (open.length > maxDepth) throw fault(`more than ${maxDepth} elements within each other`)
  }

  for (;;) {
    const at = text.indexOf('<', position)
    if (at < 0) {
      addText(text.slice(position))
      if (root === undefined) throw fault('it ends too early')
      return root
    }
    if (at > position) addText(decode(text.slice(position, at)))
    position = at
    if (text.startsWith('<!--', at)) {
      position += 4
      skipTo('--', 'a comment')
      if (text[position] !== '>') throw fault('-- stands in a comment')
      position += 1
    } else if (text.startsWith('<![CDATA[', at) && open.length > 0) {
      position += 9
      addText(skipTo(']]>', 'CDATA'))
    } else if (text.startsWith('<?', at)) {
      position += 2
      if (/^xml\s/i.test(skipTo('?>', 'a processing instruction'))) {
        throw fault('an XML declaration that is invalid, or not at the begin')
      }
    } else if (text.startsWith('<!DOCTYPE', at) && open.length === 0 && root === undefined) {
      position = endOfDoctype(text, at)
    } else if (text.startsWith('</', at)) {
      const closed = open.at(-1)
      if (match(endTag)?.[1] !== closed?.name) throw fault('an end tag of another element')
      open.pop()
      if (open.length === 0) root = closed
    } else {
      const name = match(startTag)?.[1]
      if (name === undefined) throw fault('a < that begins nothing')
      addElement(name)
    }
  }
}

/** Behind the `>` that is outside of brackets. */
function endOfDoctype(text: string, from: number): number {
  let brackets = 0
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]
    if (character === '[') brackets += 1
    else if (character === ']') brackets -= 1
    else if (character === '>' && brackets === 0) return at + 1
  }
  return text.length
}

function valueOf([whole, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return entities.get(name) ?? (htmlEntities.has(name) ? whole : undefined)
  const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
  return isCharacter(code) ? String.fromCodePoint(code) : undefined
}

/** Source: XML 1.0, "Characters". */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return code <= 0xd7_ff || (code >= 0xe0_00 && code <= 0xff_fd) || isAstral(code)
}

function isAstral(code: number): boolean {
  return code >= 0x1_00_00 && code <= 0x10_ff_ff
}

/**
 * Text of a child, without the spaces around it; undefined when there is no such child. The last
 * one counts.
 */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const child = elementOf(element, name)
  return child && trimmed(child)
}

/** The last child of that name. */
export function elementOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.findLast((child) => child.name === name)
}

/** All children of that name. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** Texts of all children of that name. */
export function textsOf(element: XmlElement | undefined, name: string): readonly string[] {
  return elementsOf(element, name).map(trimmed)
}

/** Names and texts of all children, such as those of `<properties>`. */
export function entriesOf(element: XmlElement | undefined): readonly (readonly [string, string])[] {
  return element?.children.map((child) => [child.name, trimmed(child)] as const) ?? []
}

/** As Java does it: other spaces than those of ASCII are text. */
function trimmed({ text }: XmlElement): string {
  return text.replaceAll(/^[\0-\u{20}]+|[\0-\u{20}]+$/gu, '')
}

function corrupt(source: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${source} cannot be read: ${why}`, {
    details: { source },
  })
}
