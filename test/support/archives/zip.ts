/** Zip archives made byte by byte, however wrong. Source: PKWARE APPNOTE.TXT 4.3. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipMember {
  readonly name: string | Buffer
  readonly content?: string | Buffer
  readonly isStored?: boolean
  /** `st_mode`, as a Unix writes it. */
  readonly mode?: number
  /** Number of the system that made it, default 3 (Unix); the attributes beside `mode`. */
  readonly host?: number
  readonly attributes?: number
  /** Extra fields of the directory. */
  readonly extra?: Buffer
  /** What the headers say in place of the truth. */
  readonly sizeBytes?: number
  readonly crc32?: number
  readonly method?: number
  readonly flags?: number
  /** Of the entry in the file. */
  readonly offset?: number
}

export interface ZipShape {
  /** Before the archive, as start scripts are. */
  readonly prefix?: Buffer
  readonly comment?: string
  /** Sizes and offsets stand in zip64 fields; `'end'` has just its end, which repeats what fits. */
  readonly isZip64?: boolean | 'end'
  /** How many entries the end claims. */
  readonly entries?: number
  /** Number of the part that has the end, of a split archive. */
  readonly disk?: number
}

export function makeZip(members: readonly ZipMember[], shape: ZipShape = {}): Buffer {
  const { prefix = Buffer.alloc(0), comment = '' } = shape
  const isZip64 = shape.isZip64 === true
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const { name, content = '', isStored = false, mode = 0o100644, flags = 0 } = member
    const bytes = Buffer.from(content)
    const packed = isStored ? bytes : deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(member.method ?? (isStored ? 0 : 8), 4)
    common.writeUInt32LE(member.crc32 ?? crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(member.sizeBytes ?? bytes.length, 18)
    common.writeUInt16LE(Buffer.from(name).length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
    const place = member.offset ?? offset
    const wide = isZip64 ? wideField([bytes.length, packed.length, place]) : Buffer.alloc(0)
    const extra = Buffer.concat([wide, member.extra ?? Buffer.alloc(0)])
    const central = Buffer.from(common)
    if (isZip64) {
      central.writeUInt32LE(0xffffffff, 14)
      central.writeUInt32LE(0xffffffff, 18)
    }
    central.writeUInt16LE(extra.length, 24)
    const rest = Buffer.alloc(14)
    rest.writeUInt16LE(member.attributes ?? 0, 6)
    rest.writeUInt16LE(mode, 8)
    rest.writeUInt32LE(isZip64 ? 0xffffffff : place, 10)
    const madeBy = Buffer.from([20, member.host ?? 3])
    const head = Buffer.concat([Buffer.from('PK\u0001\u0002'), madeBy, central, rest])
    centrals.push(head, Buffer.from(name), extra)
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const entries = shape.entries ?? members.length
  const tail = endOf(entries, directory.length, offset, shape.isZip64)
  tail.writeUInt16LE(Buffer.byteLength(comment), tail.length - 2)
  tail.writeUInt16LE(shape.disk ?? 0, tail.length - 18)
  return Buffer.concat([prefix, ...locals, directory, tail, Buffer.from(comment)])
}

function wideField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * values.length, 2)
  for (const [index, value] of values.entries())
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
  return field
}

function endOf(
  entries: number,
  sizeBytes: number,
  offset: number,
  zip64: ZipShape['isZip64'] = false,
): Buffer {
  const isZip64 = zip64 === true
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(isZip64 ? 0xffff : entries % 0x10000, 8)
  end.writeUInt16LE(isZip64 ? 0xffff : entries % 0x10000, 10)
  end.writeUInt32LE(isZip64 ? 0xffffffff : sizeBytes, 12)
  end.writeUInt32LE(isZip64 ? 0xffffffff : offset, 16)
  if (zip64 === false) return end
  const end64 = Buffer.alloc(56)
  end64.write('PK\u0006\u0006')
  end64.writeBigUInt64LE(44n, 4)
  for (const [field, value] of [
    [24, entries],
    [32, entries],
    [40, sizeBytes],
    [48, offset],
  ] as const)
    end64.writeBigUInt64LE(BigInt(value), field)
  const locator = Buffer.alloc(20)
  locator.write('PK\u0006\u0007')
  locator.writeBigUInt64LE(BigInt(offset + sizeBytes), 8)
  return Buffer.concat([end64, locator, end])
}
