/**
 * Text of an XML file, by its encoding.
 * Source: XML 1.0, appendix F; plexus-utils 3.4, "XmlStreamReader".
 */
import { unreadable } from './unreadable.ts'

const maxProlog = 4096
const prolog = /^<\?xml[^>]*?encoding\s*=\s*(["'])([^"']+)\1/

/**
 * Decodes by byte order mark, else by XML declaration, else as UTF-8. Throws `PACKAGE_INVALID`
 * naming `source` when the declared encoding is unknown or contradicts a mark of UTF-16.
 */
export function decodeXml(bytes: Uint8Array, source: string): string {
  const wide = wideEncodingOf(bytes)
  const begin = Buffer.from(bytes.subarray(0, maxProlog)).toString('latin1')
  const written = begin.replace(/^(?:\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)/, '')
  const declared = prolog.exec(written.replaceAll('\0', ''))?.[2]
  if (wide !== undefined && declared !== undefined && !/^utf-16(?:[bl]e)?$/i.test(declared)) {
    throw unreadable(source, `it declares ${JSON.stringify(declared)}, but is in ${wide}`)
  }
  const hasMark = begin.startsWith('\u00EF\u00BB\u00BF')
  const label = wide ?? (hasMark ? 'utf-8' : (declared ?? 'utf-8'))
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    throw unreadable(source, `its encoding ${JSON.stringify(label.slice(0, 50))} is unknown`)
  }
}

/** UTF-16 by its byte order mark, or by the bytes of `<?`. */
function wideEncodingOf([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0x3c && second === 0 && third === 0x3f && fourth === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c && third === 0 && fourth === 0x3f) return 'utf-16be'
  return undefined
}
