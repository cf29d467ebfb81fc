/**
 * XML documents of registries and of Maven's settings. Accepts and refuses what Maven's parser
 * does; of entities it knows those of XML and HTML. Bounded. Document types are skipped, so nothing
 * is expanded or fetched.
 * Source: plexus-utils 3.4, "MXParser".
 */
import type { JarcastError } from '../../errors.ts'
import type { XmlElement } from './elements.ts'
import { replaceReferences } from './references.ts'
import { unreadable } from './unreadable.ts'

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

/**
 * The root element. Throws `PACKAGE_INVALID` when the text is not XML, is larger than 8 MiB or
 * deeper than 1,000 elements, or its root is not `root`. The error names `source` and the line; it
 * quotes no text, which may hold a password.
 */
export function parseXml(text: string, source: string, root?: string): XmlElement {
  if (text.length > maxBytes) throw unreadable(source, `it is larger than ${maxBytes} bytes`)
  const found = new XmlParser(text, source).parse()
  if (root === undefined || found.name === root) return found
  throw unreadable(source, `it has no element <${root}>`)
}

class XmlParser {
  readonly #text: string
  readonly #source: string
  readonly #open: OpenElement[] = []
  #root: XmlElement | undefined
  #position: number

  constructor(text: string, source: string) {
    this.#text = text
    this.#source = source
    this.#position = declaration.exec(text)?.[0].length ?? 0
  }

  parse(): XmlElement {
    for (;;) {
      const at = this.#text.indexOf('<', this.#position)
      if (at < 0) return this.#end()
      if (at > this.#position) {
        this.#addText(this.#replaceReferences(this.#text.slice(this.#position, at)))
      }
      this.#position = at
      this.#parseMarkup()
    }
  }

  #end(): XmlElement {
    this.#addText(this.#text.slice(this.#position))
    if (this.#root === undefined) throw this.#fault('it ends too early')
    return this.#root
  }

  #parseMarkup(): void {
    const isOutside = this.#open.length === 0
    if (this.#skip('<!--')) this.#parseComment()
    else if (!isOutside && this.#skip('<![CDATA[')) this.#addText(this.#takeUntil(']]>', 'CDATA'))
    else if (this.#skip('<?')) this.#parseInstruction()
    else if (this.#text.startsWith('<!DOCTYPE', this.#position) && isOutside && !this.#root) {
      this.#position = endOfDoctype(this.#text, this.#position)
    } else if (this.#text.startsWith('</', this.#position)) this.#closeElement()
    else this.#openElement()
  }

  #parseComment(): void {
    this.#takeUntil('--', 'a comment')
    if (!this.#skip('>')) throw this.#fault('-- in a comment')
  }

  #parseInstruction(): void {
    const instruction = this.#takeUntil('?>', 'a processing instruction')
    if (/^xml\s/i.test(instruction)) {
      throw this.#fault('an XML declaration that is invalid, or not at the beginning')
    }
  }

  #openElement(): void {
    const name = this.#match(startTag)?.[1]
    if (name === undefined) throw this.#fault('a < that starts no tag')
    if (this.#root !== undefined) throw this.#fault('a second root element')
    this.#checkAttributes()
    const end = this.#match(tagEnd)
    if (end === undefined) throw this.#fault('a tag has no end')
    const element: OpenElement = { name, text: '', children: [] }
    this.#open.at(-1)?.children.push(element)
    if (end[1] !== '/') this.#open.push(element)
    else if (this.#open.length === 0) this.#root = element
    if (this.#open.length > maxDepth) {
      throw this.#fault(`more than ${maxDepth} elements within each other`)
    }
  }

  #closeElement(): void {
    const name = this.#match(endTag)?.[1]
    const closed = this.#open.pop()
    // Both are undefined for a tag without a name outside of the root, which moves no further.
    if (name === undefined || name !== closed?.name)
      throw this.#fault('an end tag of another element')
    if (this.#open.length === 0) this.#root = closed
  }

  #checkAttributes(): void {
    const names = new Set<string>()
    for (let found = this.#match(attribute); found; found = this.#match(attribute)) {
      const [, name = '', ...values] = found
      if (names.has(name)) throw this.#fault('a duplicate attribute')
      names.add(name)
      this.#replaceReferences(values.join(''))
    }
  }

  #addText(added: string): void {
    const parent = this.#open.at(-1)
    if (parent !== undefined) parent.text += added
    else if (added.trim() !== '') throw this.#fault('text outside of the root element')
  }

  #replaceReferences(written: string): string {
    if (written.includes(']]>')) throw this.#fault(']]> in a text')
    const replaced = replaceReferences(written)
    if (replaced === undefined) throw this.#fault('unknown entity or character')
    return replaced
  }

  /** Moves behind `start` if the rest begins with it. */
  #skip(start: string): boolean {
    if (!this.#text.startsWith(start, this.#position)) return false
    this.#position += start.length
    return true
  }

  /** The text before `end`; moves behind `end`. */
  #takeUntil(end: string, what: string): string {
    const at = this.#text.indexOf(end, this.#position)
    if (at < 0) throw this.#fault(`${what} has no end`)
    const taken = this.#text.slice(this.#position, at)
    this.#position = at + end.length
    return taken
  }

  /** Moves behind the match of a sticky pattern. */
  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position
    const found = pattern.exec(this.#text) ?? undefined
    if (found !== undefined) this.#position = pattern.lastIndex
    return found
  }

  #fault(why: string): JarcastError {
    const line = this.#text.slice(0, this.#position).split('\n').length
    return unreadable(this.#source, `it is not XML (${why}, line ${line})`)
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
