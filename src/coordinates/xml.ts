/**
 * XML documents of registries and of Maven's settings, as elements with text. Bounded, and nothing is expanded or fetched:
 * document types and the entities they declare are not read.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { JarcastError } from '../errors.ts'

export type XmlValue = string | XmlElement | readonly XmlValue[]

/** Children by name; several of one name are an array. */
export interface XmlElement {
  readonly [name: string]: XmlValue | undefined
}

const maxBytes = 8 * 1024 * 1024
const maxDepth = 100
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: maxDepth,
  removeNSPrefix: true,
  // Long, and of no use for dependencies.
  stopNodes: ['project.build', 'project.reporting', 'project.licenses', 'project.developers'],
})

/**
 * The element named `root` of a document. Throws `PACKAGE_INVALID` naming `source` when the text is no XML, is larger
 * than 8 MiB or deeper than 100 elements, or has another root.
 */
export function parseXml(text: string, root: string, source: string): XmlElement {
  if (text.length > maxBytes) throw corrupt(source, `it is larger than ${maxBytes} bytes`)
  const checked = XMLValidator.validate(text)
  // What the validator says quotes the text, in which a password may stand.
  if (checked !== true) {
    throw corrupt(source, `it is no XML (${checked.err.code}, line ${checked.err.line})`)
  }
  try {
    const found = (parser.parse(text) as XmlElement)[root]
    // An empty element is the empty string.
    if (found !== undefined) return isElement(found) ? found : {}
  } catch (cause) {
    throw corrupt(source, (cause as Error).message, cause)
  }
  throw corrupt(source, `it has no element <${root}>`)
}

/** Text of a child, with its spaces trimmed; undefined when there is no such child. The last one counts. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const values = toArray(own(element, name))
  const value = values.at(-1)
  if (value === undefined) return undefined
  return typeof value === 'string' ? decodeEntities(value).trim() : ''
}

/** A child that has children of its own. The last one counts. */
export function elementOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return elementsOf(element, name).at(-1)
}

/** All children of that name that have children of their own. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return toArray(own(element, name)).filter(isElement)
}

/** Texts of all children of that name. */
export function textsOf(element: XmlElement | undefined, name: string): readonly string[] {
  return toArray(own(element, name)).flatMap((value) =>
    typeof value === 'string' ? [decodeEntities(value).trim()] : [],
  )
}

/** Names and texts of all children, such as those of `<properties>`. */
export function entriesOf(element: XmlElement | undefined): readonly (readonly [string, string])[] {
  return Object.keys(element ?? {}).map((name) => [name, textOf(element, name) ?? ''])
}

function own(element: XmlElement | undefined, name: string): XmlValue | undefined {
  return element !== undefined && Object.hasOwn(element, name) ? element[name] : undefined
}

function toArray(value: XmlValue | undefined): readonly XmlValue[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly XmlValue[]) : [value]
}

function isElement(value: XmlValue): value is XmlElement {
  return typeof value === 'object' && !Array.isArray(value)
}

/** The five of XML and character references; others stay as they are. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[String(name)] ?? whole
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
    },
  )
}

function corrupt(source: string, why: string, cause?: unknown): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${source} cannot be read: ${why}`, {
    cause,
    details: { source },
  })
}
