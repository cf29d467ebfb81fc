/**
 * A jar whose manifest has a Class-Path: so a class path of any length fits on a command line, with
 * every Java since 1.2.
 * Source: JAR File Specification, "Class-Path Attribute"; PKWARE APPNOTE.TXT 4.3.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crc32 } from 'node:zlib'
import { ensureFile } from './own-files.ts'

/** Content of a jar besides its class path. */
export interface JarContent {
  /** Attributes of the manifest. */
  readonly attributes: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, Buffer>>
}

/** Writes the jar below `folder` with a name from its digest. Returns its path. */
export async function writePathingJar(
  folder: string,
  jars: readonly string[],
  { attributes, files }: JarContent = { attributes: {}, files: {} },
): Promise<string> {
  const urls = jars.map((jar) => pathToFileURL(jar).href).join(' ')
  const path = jars.length === 0 ? {} : { 'Class-Path': urls }
  const lines = Object.entries({ 'Manifest-Version': '1.0', ...attributes, ...path }).map(
    ([name, value]) => `${wrapLine(`${name}: ${value}`)}\r\n`,
  )
  const manifest = Buffer.from(`${lines.join('')}\r\n`)
  const bytes = zip({ 'META-INF/MANIFEST.MF': manifest, ...files })
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const target = join(folder, `class-path-${name}.jar`)
  await ensureFile(target, bytes)
  return target
}

/** Lines of a manifest have at most 72 bytes; a space continues a line. File URLs are ASCII. */
function wrapLine(line: string): string {
  const pieces = [line.slice(0, 72)]
  for (let at = 72; at < line.length; at += 71) pieces.push(` ${line.slice(at, at + 71)}`)
  return pieces.join('\r\n')
}

/** A zip of stored entries, dated 1980-01-01. */
function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const common = describeEntry(name, content)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), content])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const signature = Buffer.from('PK\u0001\u0002')
    centrals.push(
      Buffer.concat([signature, Buffer.from([10, 0]), common, place, Buffer.from(name)]),
    )
    locals.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0)
  end.writeUInt16LE(centrals.length, 8)
  end.writeUInt16LE(centrals.length, 10)
  end.writeUInt32LE(Buffer.concat(centrals).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...centrals, end])
}

/**
 * The common part of both headers of an entry: version 1.0, no flags, stored, date, checksum,
 * sizes, length of the name.
 */
function describeEntry(name: string, content: Buffer): Buffer {
  const common = Buffer.alloc(26)
  common.writeUInt16LE(10, 0)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(content.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(Buffer.byteLength(name), 22)
  return common
}
