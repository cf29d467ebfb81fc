/** Tar archives made byte by byte, however old or wrong. Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format". */

export interface TarMember {
  readonly name: string | Buffer
  readonly content?: string | Buffer
  /** Default `0`. */
  readonly type?: string
  /** Default POSIX' own; empty for V7's. */
  readonly magic?: string
  readonly linkName?: string | Buffer
  /** What stands at a place of the header, in place of the usual. */
  readonly fields?: Readonly<Record<number, string | Buffer>>
  readonly isSignedSum?: boolean
}

const ustar = 'ustar\u000000'
export const gnu = 'ustar  \u0000'
const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')

/** A header and its content, in whole blocks. */
export function tarBlocks(member: TarMember): Buffer {
  const { name, content = '', type = '0', magic = ustar, linkName = '' } = member
  const body = Buffer.from(content)
  const fields: [number, string | Buffer][] = [
    [0, name],
    [100, '0000644\u0000'],
    [108, '0000000\u0000'],
    [116, '0000000\u0000'],
    [124, `${octal(body.length, 11)}\u0000`],
    [136, '00000000000\u0000'],
    [148, ' '.repeat(8)],
    [156, type],
    [157, linkName],
    [257, magic],
    ...Object.entries(member.fields ?? {}).map(
      ([at, value]) => [Number(at), value] as [number, string],
    ),
  ]
  const block = Buffer.alloc(512)
  for (const [at, value] of fields) Buffer.from(value).copy(block, at)
  const isSigned = member.isSignedSum === true
  const sum = block.reduce((total, byte) => total + (isSigned && byte > 127 ? byte - 256 : byte), 0)
  block.write(`${octal(sum, 6)}\u0000 `, 148)
  return Buffer.concat([block, body, Buffer.alloc(-body.length & 511)])
}

/** With the two blocks of the end. */
export function tarOf(...members: readonly (TarMember | Buffer)[]): Buffer {
  const blocks = members.map((member) => (Buffer.isBuffer(member) ? member : tarBlocks(member)))
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** An extended header with these records, in their order. */
export function paxHeader(
  records: readonly (readonly [string, string | Buffer])[],
  type = 'x',
): TarMember {
  const content = records.map(([keyword, value]) => {
    const rest = Buffer.concat([Buffer.from(` ${keyword}=`), Buffer.from(value), Buffer.from('\n')])
    // The length counts its own digits.
    let length = rest.length
    while (length !== rest.length + String(length).length)
      length = rest.length + String(length).length
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return { name: 'PaxHeader', type, content: Buffer.concat(content) }
}
