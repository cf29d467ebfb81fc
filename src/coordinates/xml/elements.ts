/** Elements of a parsed XML document, and access to their children and texts. */

export interface XmlElement {
  readonly name: string
  /** Its own text, without that of its children; references are replaced, spaces are kept. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Trimmed text of the last child with that name; undefined when there is no such child. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const child = elementOf(element, name)
  return child && trimmedText(child)
}

/** The last child with that name. */
export function elementOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.findLast((child) => child.name === name)
}

/** All children with that name. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** Trimmed texts of all children with that name. */
export function textsOf(element: XmlElement | undefined, name: string): readonly string[] {
  return elementsOf(element, name).map(trimmedText)
}

/** Names and trimmed texts of all children, such as those of `<properties>`. */
export function entriesOf(element: XmlElement | undefined): readonly (readonly [string, string])[] {
  return element?.children.map((child) => [child.name, trimmedText(child)] as const) ?? []
}

/** Trims as Java's `String.trim` does: only ASCII spaces. */
function trimmedText({ text }: XmlElement): string {
  return text.replaceAll(/^[\0-\u{20}]+|[\0-\u{20}]+$/gu, '')
}
