/**
 * A jar that holds nothing but a manifest with a Class-Path: how a class path of any length fits on a command line, on
 * every Java since 1.2. Source: JAR File Specification, "Class-Path Attribute"; PKWARE APPNOTE.TXT 4.3.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crc32 } from 'node:zlib'
import { replaceFile } from './own-files.ts'

const entryName = 'META-INF/MANIFEST.MF'

/** Writes the jar below `folder`, named after its content; gives its path. */
export async function writePathingJar(folder: string, jars: readonly string[]): Promise<string> {
  const urls = jars.map((jar) => pathToFileURL(jar).href).join(' ')
  const manifest = Buffer.from(
    `Manifest-Version: 1.0\r\n${wrapLine(`Class-Path: ${urls}`)}\r\n\r\n`,
  )
  const name = createHash('sha256').update(manifest).digest('hex').slice(0, 16)
  const path = join(folder, `class-path-${name}.jar`)
  await replaceFile(path, zipOne(entryName, manifest))
  return path
}

/** Manifest lines hold 72 bytes; the rest goes on after a space on the next. File URLs are ASCII. */
function wrapLine(line: string): string {
  const pieces = [line.slice(0, 72)]
  for (let at = 72; at < line.length; at += 71) pieces.push(` ${line.slice(at, at + 71)}`)
  return pieces.join('\r\n')
}

/** A zip with one stored entry, dated 1980-01-01. */
function zipOne(name: string, content: Buffer): Buffer {
  const fileName = Buffer.from(name)
  // Version 1.0, no flags, stored, midnight, first day of 1980; then sizes, and the length of the name.
  const common = Buffer.alloc(26)
  common.writeUInt16LE(10, 0)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(content.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(fileName.length, 22)
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, fileName, content])
  const central = Buffer.concat([
    Buffer.from('PK\u0001\u0002'),
    Buffer.from([10, 0]),
    common,
    Buffer.alloc(14),
    fileName,
  ])
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
