/**
 * Text of an XML file, in the encoding that it has.
 * Source: XML 1.0, appendix F; plexus-utils 3.4, "XmlStreamReader".
 */
import { JarcastError } from '../../errors.ts'

const maxProlog = 4096
const prolog = /^<\?xml[^>]*?encoding\s*=\s*(["'])([^"']+)\1/

/**
 * Decodes by byte order mark, else by what the declaration says, else as UTF-8. Throws
 * `PACKAGE_INVALID` naming `source` for an encoding that is not known, or is another one than the
 * byte order mark says.
 */
export function decodeXml(bytes: Uint8Array, source: string): string {
  const wide = wideEncodingOf(bytes)
  const begin = Buffer.from(bytes.subarray(0, maxProlog)).toString('latin1')
  const written = begin.replace(/^(?:\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)/, '')
  const declared = prolog.exec(written.replaceAll('\0', ''))?.[2]
  if (wide !== undefined && declared !== undefined && !/^utf-16(?:[bl]e)?$/i.test(declared)) {
    throw invalid(source, `it says ${JSON.stringify(declared)}, and is in ${wide}`)
  }
  const hasMark = begin.startsWith('\u00EF\u00BB\u00BF')
  const label = wide ?? (hasMark ? 'utf-8' : (declared ?? 'utf-8'))
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    throw invalid(source, `its encoding ${JSON.stringify(label.slice(0, 50))} is not known`)
  }
}

/** By byte order mark, or by how `<?` is written. */
function wideEncodingOf([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0x3c && second === 0 && third === 0x3f && fourth === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c && third === 0 && fourth === 0x3f) return 'utf-16be'
  return undefined
}

function invalid(source: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', `${source} cannot be read: ${why}`, {
    details: { source },
  })
}
