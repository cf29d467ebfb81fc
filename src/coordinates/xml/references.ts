/** Character references and entities. Source: XML 1.0, "Character and Entity References". */
import { htmlEntities } from './html-entities.ts'

const reference = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([A-Za-z]\w*));/giy
const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * The text with its references replaced; those of HTML stay as written. Undefined when an entity or
 * character is unknown.
 */
export function replaceReferences(written: string): string | undefined {
  let replaced = ''
  let from = 0
  for (let at = written.indexOf('&'); at >= 0; at = written.indexOf('&', from)) {
    reference.lastIndex = at
    const found = reference.exec(written)
    const value = found === null ? undefined : valueOf(found)
    if (value === undefined) return undefined
    replaced += written.slice(from, at) + value
    from = reference.lastIndex
  }
  return replaced + written.slice(from)
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
