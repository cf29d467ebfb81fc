import { randomBytes } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import type { HeaderData } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findFormat, unpackArchive } from '../../src/archive/unpack-archive.ts'
import type { ArchiveLimits } from '../../src/archive/entry-rules.ts'
import { makeZip } from '../support/archives/zip.ts'
import type { ZipMember } from '../support/archives/zip.ts'

type TarMember = Omit<HeaderData, 'path'> & { readonly path: string; readonly content?: string }

let folder: string
let target: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-archive-'))
  target = join(folder, 'target')
  await mkdir(target)
})
afterEach(() => rm(folder, { recursive: true }))

/** A tar archive of exactly these entries, also invalid ones. */
function makeTar(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap(({ content = '', ...member }) => {
    const header = new Header({ mode: 0o644, size: content.length, type: 'File', ...member })
    header.encode()
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
    body.write(content)
    return [header.block ?? Buffer.alloc(512), body]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

async function unpack(bytes: Buffer, limits?: ArchiveLimits): Promise<void> {
  const path = join(folder, 'x.archive')
  await writeFile(path, bytes)
  await unpackArchive(path, target, limits)
}

async function expectRefused(bytes: Buffer, why: string, limits?: ArchiveLimits): Promise<void> {
  // From an earlier failure: its files stay, and are read-only.
  await rm(target, { recursive: true })
  await mkdir(target)
  await expect(unpack(bytes, limits)).rejects.toMatchObject({
    code: 'LIBRARY_CORRUPT',
    message: expect.stringContaining(why),
  })
  expect((await readdir(folder)).toSorted()).toEqual(['target', 'x.archive'])
}

async function modeOf(name: string): Promise<number> {
  return (await lstat(join(target, name))).mode & 0o7777
}

const link = (path: string, linkpath: string, type: 'Link' | 'SymbolicLink' = 'SymbolicLink') =>
  ({ path, linkpath, type }) satisfies TarMember
const zipLink = (name: string, content: string): ZipMember => ({ name, content, mode: 0o120777 })

describe('unpackArchive of tar', () => {
  it('unpacks files, folders and links, plain and gzipped', async () => {
    const tar = makeTar([
      { path: './', type: 'Directory' },
      { path: './lib/', type: 'Directory', mode: 0o700 },
      { path: './lib/a.so.1', content: 'a' },
      link('./lib/a.so', 'a.so.1'),
      { path: './bin/run', content: 'b', mode: 0o755 },
      link('./bin/again', 'bin/run', 'Link'),
      link('./latest', 'lib'),
    ])
    for (const bytes of [tar, gzipSync(tar)]) {
      await rm(target, { recursive: true })
      await mkdir(target)
      await unpack(bytes)
      expect((await readdir(target)).toSorted()).toEqual(['bin', 'latest', 'lib'])
      expect(await readFile(join(target, 'latest/a.so'), 'utf8')).toBe('a')
      expect(await readlink(join(target, 'lib/a.so'))).toBe('a.so.1')
      expect((await lstat(join(target, 'bin/again'))).nlink).toBe(2)
    }
  })

  it('makes files readable and executable, and drops setuid bits', async () => {
    await unpack(
      makeTar([
        { path: 'setuid', content: 'x', mode: 0o6755, uid: 0, gid: 0 },
        { path: 'sticky/', type: 'Directory', mode: 0o7777 },
        { path: 'closed', content: 'x', mode: 0o000 },
      ]),
    )
    expect(await modeOf('setuid')).toBe(0o555)
    expect(await modeOf('sticky')).toBe(0o755)
    expect(await modeOf('closed')).toBe(0o444)
    expect((await lstat(join(target, 'setuid'))).uid).toBe(process.getuid?.())
  })

  it.each([
    ['a path out of its folder', { path: '../evil', content: 'x' }],
    ['a path out of its folder', { path: 'a/../../evil', content: 'x' }],
    ['an absolute path', { path: '/tmp/jarcast-evil', content: 'x' }],
    ['a control character', { path: 'a\r\nb', content: 'x' }],
    ['too long', { path: `${'d/'.repeat(70)}x`, content: 'x' }],
    ['neither a file', { path: 'tty', type: 'CharacterDevice', devmaj: 5 }],
    ['neither a file', { path: 'disk', type: 'BlockDevice', devmaj: 8 }],
    ['neither a file', { path: 'pipe', type: 'FIFO' }],
    ['cannot be unpacked', { path: 'sparse', type: 'SparseFile', content: 'x' }],
    ['a link out of its folder', link('out', '/etc')],
    ['a link out of its folder', link('out', '../..')],
    ['a path out of its folder', link('hard', '../../etc/passwd', 'Link')],
    ['an absolute path', link('hard', '/etc/passwd', 'Link')],
    ['a link to no file', link('hard', 'nothing', 'Link')],
    ['more than', { path: 'bomb', size: 2 ** 40 }],
  ] satisfies [string, TarMember][])('refuses %s', async (why, member) => {
    await expectRefused(makeTar([{ path: 'fine', content: 'x' }, member]), why)
  })

  it('writes nothing through links', async () => {
    const outside = join(folder, 'outside')
    await expectRefused(
      makeTar([link('out', '..'), { path: 'out/outside', content: 'x' }]),
      'a link out of its folder',
    )
    const entries = [link('in', 'lib'), { path: 'in/evil', content: 'x' }, { path: 'lib/a' }]
    await expectRefused(makeTar(entries), 'two entries at in')
    await expectRefused(
      makeTar([link('one', 'lib'), link('one/two', '..'), { path: 'lib/a' }]),
      'two entries at one',
    )
    await expect(lstat(outside)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('counts headers in its limits, also skipped ones', async () => {
    // The ratio is below the limit of a parser.
    const noise = Buffer.concat(
      Array.from({ length: 64 }, () => Buffer.concat([randomBytes(6), Buffer.alloc(2042)])),
    )
    const flood = (bytes: number): string =>
      noise
        .toString('latin1')
        .replaceAll(/[^\u0001-\u007f]/g, 'x')
        .repeat(Math.ceil(bytes / noise.length))
    const headers = (count: number, sizeBytes: number): Buffer =>
      makeTar([
        ...Array.from({ length: count }, (_, index) => ({
          path: `header-${index}`,
          type: 'ExtendedHeader' as const,
          content: `${sizeBytes} comment=${flood(sizeBytes).replaceAll('\n', 'x')}`
            .slice(0, sizeBytes - 1)
            .concat('\n'),
        })),
        { path: 'file', content: 'x' },
      ])
    await expectRefused(gzipSync(headers(100, 1_000_000)), 'for each of its own')
    await expectRefused(gzipSync(headers(1, 100_000_000)), 'an extended header of 100000000 bytes')
  })

  it('reads nothing beyond the end of the archive', async () => {
    const tar = makeTar([{ path: 'file', content: 'x' }])
    await unpack(Buffer.concat([gzipSync(tar), gzipSync(Buffer.alloc(1024 ** 3))]))
    expect(await readFile(join(target, 'file'), 'utf8')).toBe('x')
  })

  it('refuses a file that was compressed twice', async () => {
    await expectRefused(gzipSync(gzipSync(makeTar([{ path: 'a' }]))), 'compressed twice')
  })

  it('keeps to its limits', async () => {
    const many = ['a', 'b', 'c'].map((path) => ({ path, content: 'xx' }))
    await expectRefused(makeTar(many), 'more than 2 entries', { maxEntries: 2 })
    await expectRefused(makeTar(many), 'more than 5 bytes', { maxBytes: 5 })
    const bomb = makeTar([{ path: 'zeros', content: '\u0000'.repeat(70 * 1024 * 1024) }])
    await expectRefused(gzipSync(bomb), 'for each of its own')
    expect(await readdir(target)).toEqual([])
  })

  it('refuses half an archive', async () => {
    const zipped = gzipSync(makeTar([{ path: 'a', content: 'x'.repeat(5000) }]))
    await expectRefused(zipped.subarray(0, -20), '')
    await expectRefused(makeTar([{ path: 'a', content: 'x'.repeat(5000) }]).subarray(0, 2000), '')
  })
})

describe('unpackArchive of zip', () => {
  it('unpacks files, folders and links', async () => {
    await unpack(
      makeZip([
        { name: 'empty/', isStored: true, mode: 0o040755 },
        { name: 'lib/ü.so.1', content: 'a', mode: 0o104755 },
        zipLink('lib/a.so', 'ü.so.1'),
        { name: 'dos.txt', content: 'b', mode: 0 },
      ]),
    )
    expect((await readdir(target)).toSorted()).toEqual(['dos.txt', 'empty', 'lib'])
    expect(await readFile(join(target, 'lib/a.so'), 'utf8')).toBe('a')
    expect(await modeOf('lib/ü.so.1')).toBe(0o555)
    expect(await modeOf('dos.txt')).toBe(0o444)
  })

  it.each([
    ['a path out of its folder', { name: '../evil', content: 'x' }],
    ['a path out of its folder', { name: 'a\\..\\..\\evil', content: 'x' }],
    ['an absolute path', { name: '/tmp/jarcast-evil', content: 'x' }],
    ['an absolute path', { name: 'C:\\evil', content: 'x' }],
    ['neither a file', { name: 'tty', content: '', mode: 0o020666 }],
    ['neither a file', { name: 'pipe', content: '', mode: 0o010666 }],
    ['a link out of its folder', zipLink('out', '../outside')],
    ['more than 1024', zipLink('out', 'x'.repeat(5000))],
    ['encrypted', { name: 'secret', content: 'x', flags: 1 }],
    ['method 12', { name: 'bzip2', content: 'x', method: 12 }],
    ['another size or checksum', { name: 'wrong', content: 'x', crc32: 7 }],
    ['more than 10 bytes', { name: 'more', content: 'x'.repeat(100), sizeBytes: 10 }],
    ['more than', { name: 'bomb', content: 'x', sizeBytes: 2 ** 32 - 2 }],
  ] satisfies [string, ZipMember][])('refuses %s', async (why, member) => {
    await expectRefused(makeZip([{ name: 'fine', content: 'x' }, member]), why)
  })

  it('writes nothing through links', async () => {
    const through = [zipLink('in', 'lib'), { name: 'in/a', content: 'x' }, { name: 'lib/a' }]
    await expectRefused(makeZip(through), 'two entries at in')
  })

  it('counts overlapping entries as often as they are listed', async () => {
    const content = Buffer.alloc(4 * 1024 * 1024)
    const kernel = { content, offset: 0 }
    // All entries share one content: an archive of some kB that unpacks to 80 MB.
    const members = Array.from({ length: 20 }, (_, index) => ({ name: `${index}`, ...kernel }))
    await expectRefused(makeZip(members), 'for each of its own')
    expect(await readdir(target)).toEqual([])
  })
})

describe('two entries at one path', () => {
  const folderAt = (path: string) => ({ path: `${path}/`, isFolder: true })
  const fileAt = (path: string) => ({ path, isFolder: false })

  it.each([
    ['a', fileAt('a'), fileAt('a')],
    ['./a', fileAt('a'), fileAt('./a')],
    ['a', folderAt('a'), fileAt('a')],
    ['a/', fileAt('a'), folderAt('a')],
    ['a', fileAt('a'), fileAt('a/b/c')],
    ['a', fileAt('a/b/c'), fileAt('a')],
    ['.', folderAt('b'), fileAt('.')],
  ])('are refused alike in tar and zip: %s', async (place, ...entries) => {
    const tar = entries.map(({ path, isFolder }) => {
      return { path, type: isFolder ? ('Directory' as const) : ('File' as const) }
    })
    const zip = entries.map(({ path }) => ({ name: path, mode: 0 }))
    const why = `archive x.archive: two entries at ${place}`
    await expectRefused(makeTar(tar), why)
    expect(await readdir(target)).toEqual([])
    await expectRefused(makeZip(zip), why)
    expect(await readdir(target)).toEqual([])
  })

  it('may differ only in case, if the file system has both', async () => {
    const names = ['A', 'a', 'e\u0301', '\u00e9']
    const holdsBoth = process.platform === 'linux'
    const tar = makeTar(names.map((path) => ({ path })))
    const zip = makeZip(names.map((name) => ({ name })))
    for (const bytes of [tar, zip]) {
      if (!holdsBoth) await expectRefused(bytes, 'two entries at a')
      else {
        await rm(target, { recursive: true })
        await mkdir(target)
        await unpack(bytes)
        expect((await readdir(target)).toSorted()).toEqual(names.toSorted())
      }
    }
  })

  it('counts folders without an entry', async () => {
    const paths = ['a', 'b', 'c'].map((name) => `${name}${'/d'.repeat(40)}/f`)
    const limits = { maxEntries: 100 }
    const why = 'more than 100 entries'
    await expectRefused(makeTar(paths.map((path) => ({ path }))), why, limits)
    await expectRefused(makeZip(paths.map((name) => ({ name }))), why, limits)
  })
})

describe('findFormat', () => {
  it('finds the format from the first bytes', async () => {
    const path = join(folder, 'any')
    const cases = [
      [makeZip([{ name: 'a' }]), 'zip'],
      [makeZip([]), 'zip'],
      [makeTar([{ path: 'a' }]), 'tar'],
      [gzipSync('x'), 'tar'],
      [Buffer.from('some text'), undefined],
      [Buffer.alloc(0), undefined],
    ] as const
    for (const [bytes, format] of cases) {
      await writeFile(path, bytes)
      expect((await findFormat(path)).format).toBe(format)
    }
    await expectRefused(Buffer.from('BZh9 is another'), 'neither tar').catch(() => undefined)
  })
})
