import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, crc32, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackArchive } from '../../src/archive/unpack-archive.ts'
import { gnu, paxHeader, tarBlocks, tarOf } from '../support/archives/tar.ts'
import type { TarMember } from '../support/archives/tar.ts'

let folder: string
let target: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-tar-'))
  target = join(folder, 'target')
})
afterEach(() => rm(folder, { recursive: true }))

/** Unpacked names (as latin1) and contents; `-> target` for a link, `/` for a folder. */
async function unpack(bytes: Buffer): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, 'x.archive')
  await writeFile(path, bytes)
  await rm(target, { recursive: true, force: true })
  await mkdir(target)
  await unpackArchive(path, target)
  const found: Record<string, string> = {}
  const waiting = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const name of await readdir(Buffer.from(`${target}/${below}`, 'latin1'), 'latin1')) {
      const file = Buffer.from(`${target}/${below}${name}`, 'latin1')
      const stat = await lstat(file)
      if (stat.isDirectory()) waiting.push(`${below}${name}/`)
      found[`${below}${name}`] = stat.isDirectory()
        ? '/'
        : stat.isSymbolicLink()
          ? `-> ${await readlink(file, 'latin1')}`
          : await readFile(file, 'latin1')
    }
  }
  return found
}

const refused = (why: string) => ({
  code: 'LIBRARY_CORRUPT',
  message: expect.stringContaining(why) as string,
})
const holes = (count: number): string => '\u0000'.repeat(count)
const file = (name: string | Buffer, content = 'x', more: Partial<TarMember> = {}): TarMember => ({
  name,
  content,
  ...more,
})

describe('sparse files', () => {
  const expected = `${holes(1000)}one${holes(997)}two${holes(97)}`
  const size = String(expected.length)
  const field = (value: number): string => `${value.toString(8).padStart(11, '0')}\u0000`
  const oldSparse = (pairs: string, hasMore: boolean, content: string, realSize: number) =>
    tarBlocks({
      name: 's',
      type: 'S',
      magic: gnu,
      content,
      fields: { 386: pairs, 482: hasMore ? '\u0001' : '\u0000', 483: field(realSize) },
    })
  const named = { name: './GNUSparseFile.7/s', content: 'onetwo' }
  const map = '2\n1000\n3\n2000\n3\n'

  it.each<[string, readonly (TarMember | Buffer)[]]>([
    [
      'old GNU',
      [oldSparse(`${field(1000)}${field(3)}${field(2000)}${field(3)}`, false, 'onetwo', 2100)],
    ],
    [
      'PAX 0.0',
      [
        paxHeader([
          ['GNU.sparse.size', size],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '1000'],
          ['GNU.sparse.numbytes', '3'],
          ['GNU.sparse.offset', '2000'],
          ['GNU.sparse.numbytes', '3'],
        ]),
        { ...named, name: 's' },
      ],
    ],
    [
      'PAX 0.1',
      [
        paxHeader([
          ['GNU.sparse.name', 's'],
          ['GNU.sparse.size', size],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.map', '1000,3,2000,3'],
        ]),
        named,
      ],
    ],
    [
      'PAX 1.0',
      [
        paxHeader([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.name', 's'],
          ['GNU.sparse.realsize', size],
        ]),
        { ...named, content: `${map.padEnd(512, '\u0000')}onetwo` },
      ],
    ],
  ])('get their holes back (%s)', async (_, members) => {
    expect(await unpack(tarOf(...members, file('next')))).toEqual({ s: expected, next: 'x' })
  })

  it('have maps of many blocks, in the header and before the content', async () => {
    const offsets = Array.from({ length: 100 }, (_, index) => index * 700)
    const content = offsets.map((_, index) => String(index).padEnd(7, '.')).join('')
    const whole = offsets.map((_, index) => String(index).padEnd(7, '.') + holes(693)).join('')
    const pairs = offsets.map((offset) => field(offset) + field(7))
    const blocks = [
      pairs.slice(4, 25),
      pairs.slice(25, 46),
      pairs.slice(46, 67),
      pairs.slice(67, 88),
    ]
    const [header, body] = [
      oldSparse(pairs.slice(0, 4).join(''), true, content, whole.length).subarray(0, 512),
      Buffer.alloc(1024),
    ]
    body.write(content)
    const more = [...blocks, pairs.slice(88)].map((list, index, all) => {
      const block = Buffer.alloc(512)
      block.write(list.join(''))
      block[504] = index < all.length - 1 ? 1 : 0
      return block
    })
    expect(await unpack(tarOf(header, ...more, body, file('next')))).toEqual({
      s: whole,
      next: 'x',
    })
    const lines = [offsets.length, ...offsets.flatMap((offset) => [offset, 7])].join('\n') + '\n'
    const padded = lines.padEnd(Math.ceil(lines.length / 512) * 512, '\u0000')
    const header1 = paxHeader([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 's'],
      ['GNU.sparse.realsize', String(whole.length)],
    ])
    expect(await unpack(tarOf(header1, { name: 'x', content: padded + content }))).toEqual({
      s: whole,
    })
  })

  const version1 = (realSize: string, content: string, minor = '0') =>
    tarOf(
      paxHeader([
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.minor', minor],
        ['GNU.sparse.name', 's'],
        ['GNU.sparse.realsize', realSize],
      ]),
      { name: 'x', content },
    )

  it.each([
    [
      'regions that overlap',
      version1('100', '2\n0\n5\n3\n5\n'.padEnd(512, '\u0000') + '0123456789'),
    ],
    ['regions beyond the end', version1('8', '1\n4\n5\n'.padEnd(512, '\u0000') + '01234')],
    ['more content than regions', version1('8', '1\n0\n5\n'.padEnd(512, '\u0000') + '0123456')],
    ['a map without an end', version1('8', '9'.repeat(512))],
    ['a map that is cut off', version1('8', '400\n0\n5\n'.padEnd(512, '\n'))],
  ])('refuses %s', async (_, bytes) => {
    await expect(unpack(bytes)).rejects.toMatchObject(refused('map'))
  })

  it('refuses other formats, and does not unpack their map as content', async () => {
    const numbers = '0\n'.padEnd(512, '\u0000')
    await expect(unpack(version1('8', numbers, '1'))).rejects.toMatchObject(refused('format 1.1'))
    const solaris = paxHeader([['SUN.holesdata', ' 0 4']])
    await expect(unpack(tarOf(solaris, file('x')))).rejects.toMatchObject(refused('SUN.holesdata'))
    const star = { name: 's', type: 'S', content: 'x' }
    await expect(unpack(tarOf(star))).rejects.toMatchObject(refused('type S'))
  })

  it('counts holes as content', async () => {
    const bomb = version1(String(2 ** 36), '0\n'.padEnd(512, '\u0000'))
    await expect(unpack(bomb)).rejects.toMatchObject(refused('more than'))
  })
})

describe('types of entries', () => {
  it('unpacks contiguous files, folders of dumps, and old folders without a type', async () => {
    const members = [
      file('contiguous', 'x', { type: '7' }),
      // A list of names, from an incremental archive.
      { name: 'dump/', type: 'D', magic: gnu, content: 'Ya\u0000Nb\u0000\u0000' },
      { name: 'slash/', type: '0' },
      // An unused size: no content is stored.
      { name: 'sized/', type: '5', fields: { 124: '00000010000\u0000' } },
      { name: 'link', type: '2', linkName: 'contiguous', fields: { 124: '00000010000\u0000' } },
      { name: 'My label', type: 'V', magic: gnu },
      file('last'),
    ]
    expect(await unpack(tarOf(...members))).toEqual({
      contiguous: 'x',
      dump: '/',
      slash: '/',
      sized: '/',
      link: '-> contiguous',
      last: 'x',
    })
  })

  it.each<[string, readonly (TarMember | Buffer)[]]>([
    ['another volume', [file('rest', 'x', { type: 'M', magic: gnu })]],
    ['another volume', [paxHeader([['GNU.volume.offset', '512']], 'g'), file('rest')]],
    ['type Z', [file('vendor', 'x', { type: 'Z' })]],
    ['type N', [file('names', 'x', { type: 'N', magic: gnu })]],
    ['neither a file', [{ name: 'tty', type: '3' }]],
    ['a folder with content', [file('folder/', 'lost')]],
    ['before the last entry', [file('x'), paxHeader([['path', 'y']])]],
  ])('refuses types that it cannot unpack: %s', async (why, members) => {
    await expect(unpack(tarOf(file('fine'), ...members))).rejects.toMatchObject(refused(why))
    expect(await readdir(target)).toEqual([])
  })

  it('makes a symbolic link from a hard link to one', async () => {
    const hard = (name: string, linkName: string) => ({ name, type: '1', linkName })
    const soft = { name: 'a/soft', type: '2', linkName: 'x' }
    expect(
      await unpack(tarOf(file('a/x'), soft, hard('a/hard', 'a/soft'), hard('a/3', 'a/hard'))),
    ).toEqual({ a: '/', 'a/x': 'x', 'a/soft': '-> x', 'a/hard': '-> x', 'a/3': '-> x' })
    // At that path, the same text leads out of the folder.
    const up = { name: 'a/b/soft', type: '2', linkName: '../../x' }
    await expect(unpack(tarOf(up, hard('hard', 'a/b/soft')))).rejects.toMatchObject(
      refused('out of its folder'),
    )
  })
})

describe('names', () => {
  it('keeps the bytes of names that are not UTF-8', async () => {
    const latin = Buffer.from('caf\u00e9', 'latin1')
    const long = Buffer.from('\u00fc'.repeat(120), 'latin1')
    const members = [
      file(latin),
      { name: 'soft', type: '2', linkName: latin },
      { name: 'hard', type: '1', linkName: latin },
      { name: Buffer.from('d\u00fcr/x', 'latin1') },
      paxHeader([
        ['hdrcharset', 'BINARY'],
        ['path', Buffer.from('b\u00e9', 'latin1')],
      ]),
      file('b_', 'binary'),
      {
        name: '././@LongLink',
        type: 'L',
        magic: gnu,
        content: Buffer.concat([long, Buffer.alloc(1)]),
      },
      file(long.subarray(0, 100), 'long', { magic: gnu }),
    ]
    expect(await unpack(tarOf(...members))).toEqual({
      'caf\u00e9': 'x',
      soft: '-> caf\u00e9',
      hard: 'x',
      'd\u00fcr': '/',
      'd\u00fcr/x': '',
      'b\u00e9': 'binary',
      ['\u00fc'.repeat(120)]: 'long',
    })
    await expect(unpack(tarOf(file(latin), file(latin)))).rejects.toMatchObject(
      refused('two entries at caf\\xe9'),
    )
  })

  it('reads records by their length, with any content', async () => {
    const comment = paxHeader([
      ['comment', 'a line\n11 path=ev\n'],
      ['path', 'r\u00efght'],
    ])
    const bytes = tarOf(comment, file('wrong'), paxHeader([['path', '']]), file('own'))
    expect(await unpack(bytes)).toEqual({
      [Buffer.from('r\u00efght').toString('latin1')]: 'x',
      own: 'x',
    })
    const broken = { name: 'PaxHeader', type: 'x', content: '99 path=a\n' }
    await expect(unpack(tarOf(broken, file('x')))).rejects.toMatchObject(refused('extended header'))
  })

  it('puts the prefix of POSIX before names, but no fields of GNU', async () => {
    const bytes = tarOf(
      file('a', 'x', { fields: { 345: 'pre/fix' } }),
      file('b', 'x', { magic: gnu, fields: { 345: '14000000000\u0000' } }),
    )
    expect(await unpack(bytes)).toMatchObject({ 'pre/fix/a': 'x', b: 'x' })
  })
})

describe('header formats', () => {
  const v7 = (member: TarMember): TarMember => ({ type: '\u0000', magic: '', ...member })

  it('reads headers from before ustar', async () => {
    const name = 'n'.repeat(100)
    const bytes = tarOf(
      v7(file('a', 'old')),
      v7({ name: 'dir/' }),
      v7(file(name)),
      v7({ name: 'l', type: '2', linkName: 'a' }),
    )
    const expected = { a: 'old', dir: '/', [name]: 'x', l: '-> a' }
    expect(await unpack(bytes)).toEqual(expected)
    expect(await unpack(gzipSync(bytes))).toEqual(expected)
  })

  it.each([
    ['spaces around digits', { 124: '          4 ', 100: '   755 \u0000' }],
    ['digits up to the end', { 124: '000000000004' }],
    ['a binary number', { 124: Buffer.from('800000000000000000000004', 'hex') }],
    ['a time before 1970', { 136: Buffer.from('fffffffffffffffffffffff0', 'hex') }],
    ['a binary owner', { 108: Buffer.from('80000000002dc6c0', 'hex') }],
  ])('reads %s', async (_, fields) => {
    expect(await unpack(tarOf(file('a', 'data', { fields }), file('b')))).toEqual({
      a: 'data',
      b: 'x',
    })
  })

  it('accepts a checksum of signed bytes', async () => {
    expect(await unpack(tarOf(file('\u00e9', 'x', { isSignedSum: true })))).toEqual({
      [Buffer.from('\u00e9').toString('latin1')]: 'x',
    })
  })

  it.each([
    ['size', { 124: Buffer.from('fffffffffffffffffffffff0', 'hex') }],
    ['size', { 124: 'twelve bytes' }],
  ])('refuses an invalid %s', async (why, fields) => {
    await expect(unpack(tarOf(file('a', 'data', { fields })))).rejects.toMatchObject(refused(why))
  })

  it('prefers the size of a record to that of the header', async () => {
    const bytes = tarOf(
      paxHeader([['size', '4']]),
      file('a', 'data', { fields: { 124: '0'.repeat(11) } }),
    )
    expect(await unpack(bytes)).toEqual({ a: 'data' })
  })
})

describe('ends', () => {
  const [one, two] = [tarOf(file('one')), tarOf(file('two'))]
  const isOne = { one: 'x' }

  it.each([
    ['no archive after the first', Buffer.concat([one, two])],
    ['no garbage', Buffer.concat([one, Buffer.from('garbage'.repeat(99))])],
    ['nothing after a single block of zeros', Buffer.concat([one.subarray(0, 1536), two])],
    ['without an end', one.subarray(0, 1024)],
    [
      'gzip members as one',
      Buffer.concat([gzipSync(one.subarray(0, 700)), gzipSync(one.subarray(700))]),
    ],
    ['no gzip archive after the first', Buffer.concat([gzipSync(one), gzipSync(two)])],
    ['no garbage after gzip', Buffer.concat([gzipSync(one), Buffer.from('garbage'.repeat(99))])],
    ['no zeros after gzip', Buffer.concat([gzipSync(one), Buffer.alloc(1000)])],
    ['gzip with all fields', gzipWithAllFields(one)],
  ])('reads %s', async (_, bytes) => {
    expect(await unpack(bytes)).toEqual(isOne)
  })

  it('reads empty archives, but no other file that begins with zeros', async () => {
    expect(await unpack(Buffer.alloc(10_240))).toEqual({})
    expect(await unpack(gzipSync(Buffer.alloc(10_240)))).toEqual({})
    const image = Buffer.concat([Buffer.alloc(32_768), Buffer.from('\u0001CD001')])
    await expect(unpack(image)).rejects.toMatchObject(refused('no tar archive'))
    await expect(unpack(Buffer.alloc(0))).rejects.toMatchObject(refused('is empty'))
  })

  it('verifies the checksum of a gzip member that ends with padding', async () => {
    const packed = gzipSync(Buffer.concat([one, Buffer.alloc(8192)]))
    const wrong = Buffer.from(packed)
    wrong[packed.length - 8] = 1 ^ (packed[packed.length - 8] ?? 0)
    await expect(unpack(wrong)).rejects.toMatchObject(refused('checksum'))
    await expect(unpack(packed.subarray(0, -4))).rejects.toMatchObject(refused('too early'))
  })

  it('limits the number of empty gzip members', async () => {
    const empty = gzipSync('')
    const bytes = Buffer.concat([
      gzipSync(one.subarray(0, 512)),
      ...Array.from({ length: 1002 }, () => empty),
    ])
    await expect(unpack(bytes)).rejects.toMatchObject(refused('empty gzip members'))
  })

  it('names the format of other archives', async () => {
    const cases = [
      ['compressed by xz', Buffer.from('fd377a585a0000', 'hex')],
      ['compressed by bzip2', Buffer.from('BZh91AY')],
      ['compressed by Zstandard', Buffer.from('28b52ffd', 'hex')],
      ['a 7z archive', Buffer.from('377abcaf271c', 'hex')],
      ['neither tar', Buffer.from('some text')],
    ] as const
    for (const [why, bytes] of cases)
      await expect(unpack(bytes)).rejects.toMatchObject(refused(why))
    await expect(unpack(gzipSync('{"some":"json"}'.repeat(99)))).rejects.toMatchObject(
      refused('no tar archive'),
    )
  })
})

function gzipWithAllFields(bytes: Buffer): Buffer {
  const header = Buffer.concat([
    Buffer.from('1f8b081e000000000003', 'hex'),
    Buffer.from([3, 0]),
    Buffer.from('abcname\u0000comment\u0000'),
    Buffer.alloc(2),
  ])
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(bytes), 0)
  trailer.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([header, deflateRawSync(bytes), trailer])
}
