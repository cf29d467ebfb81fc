import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackArchive } from '../../src/archive/unpack-archive.ts'
import { readZipDirectory } from '../../src/archive/zip-directory.ts'
import { makeZip } from '../support/archives/zip.ts'
import type { ZipMember } from '../support/archives/zip.ts'

let folder: string
let target: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-zip-'))
  target = join(folder, 'target')
})
afterEach(() => rm(folder, { recursive: true }))

/** Unpacked paths as latin1, without folders that have content. */
async function unpack(bytes: Buffer): Promise<readonly string[]> {
  const path = join(folder, 'x.zip')
  await writeFile(path, bytes)
  await rm(target, { recursive: true, force: true })
  await mkdir(target)
  await unpackArchive(path, target)
  return (await list('')).toSorted()
}

async function list(below: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of await readdir(Buffer.from(`${target}/${below}`, 'latin1'), 'latin1')) {
    const isFolder = (await lstat(Buffer.from(`${target}/${below}${name}`, 'latin1'))).isDirectory()
    const inside = isFolder ? await list(`${below}${name}/`) : []
    found.push(...(inside.length > 0 ? inside : [`${below}${name}${isFolder ? '/' : ''}`]))
  }
  return found
}

const refused = (why: string) => ({
  code: 'LIBRARY_CORRUPT',
  message: expect.stringContaining(why) as string,
})
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')
/** An archive as from programs for DOS and Windows. */
const dos = (name: string | Buffer, more: Partial<ZipMember> = {}): ZipMember => ({
  name,
  content: 'x',
  host: 0,
  mode: 0,
  ...more,
})
const utf8Flag = 0x800

function unicodePath(name: Buffer, unicode: string): Buffer {
  const field = Buffer.alloc(9)
  field.writeUInt16LE(0x7075, 0)
  field.writeUInt16LE(5 + Buffer.byteLength(unicode), 2)
  field[4] = 1
  field.writeUInt32LE(crc32(name), 5)
  return Buffer.concat([field, Buffer.from(unicode)])
}

describe('folders', () => {
  it('are separated by backslashes in archives of Windows', async () => {
    const members = [dos('dir\\sub\\a.txt'), dos('dir\\b.txt'), dos('empty\\', { content: '' })]
    expect(await unpack(makeZip(members))).toEqual(['dir/b.txt', 'dir/sub/a.txt', 'empty/'])
    expect(await unpack(makeZip([dos('dir\\c', { host: 10 })]))).toEqual(['dir/c'])
  })

  it('are not separated by backslashes that belong to names', async () => {
    const unix = { name: 'a\\x2d.service', content: 'x' }
    expect(await unpack(makeZip([unix]))).toEqual(['a\\x2d.service'])
    // git marks files as files of DOS.
    expect(await unpack(makeZip([dos('units/a\\x2d.service')]))).toEqual(['units/a\\x2d.service'])
  })

  it('are also entries with the attribute of DOS', async () => {
    const folderOf = dos('dir', { content: '', isStored: true, attributes: 0x10 })
    expect(await unpack(makeZip([folderOf, dos('dir/a')]))).toEqual(['dir/a'])
  })

  it('have no content', async () => {
    await expect(unpack(makeZip([dos('dir/')]))).rejects.toMatchObject(
      refused('a folder with content'),
    )
  })
})

describe('names', () => {
  const cp437 = Buffer.from([0x63, 0x61, 0x66, 0x82])

  it.each<[string, ZipMember, string]>([
    ['UTF-8 by their flag', dos('d\u00e9', { flags: utf8Flag }), bytesOf('d\u00e9')],
    ['UTF-8 without it', dos('\u65e5\u672c'), bytesOf('\u65e5\u672c')],
    ['those of old PCs', dos(cp437), bytesOf('caf\u00e9')],
    ['box drawings', dos(Buffer.from([0xc4, 0xe1, 0xff])), bytesOf('\u2500\u00df\u00a0')],
    ['an extra field', dos(cp437, { extra: unicodePath(cp437, '\u65e5') }), bytesOf('\u65e5')],
    [
      'no extra field of another name',
      dos(cp437, { extra: unicodePath(Buffer.from('b'), '\u65e5') }),
      bytesOf('caf\u00e9'),
    ],
    [
      'bytes of an unknown Unix',
      { name: Buffer.from('d\u00e9', 'latin1'), content: 'x' },
      'd\u00e9',
    ],
    [
      'a flag that is not true',
      dos(Buffer.from('d\u00e9', 'latin1'), { flags: utf8Flag }),
      'd\u00e9',
    ],
  ])('are read from %s', async (_, member, name) => {
    expect(await unpack(makeZip([member]))).toEqual([name])
  })

  it('are checked after they are read', async () => {
    const name = Buffer.from('fine')
    const evil = dos(name, { extra: unicodePath(name, '../../evil') })
    await expect(unpack(makeZip([evil]))).rejects.toMatchObject(refused('out of its folder'))
    const twice = [dos('a\\b'), dos('a/b')]
    await expect(unpack(makeZip(twice))).rejects.toMatchObject(refused('two entries at a/b'))
  })
})

describe('kinds of entries', () => {
  it('are links if their mode is that of a link', async () => {
    const unix = { name: 'l', content: 'caf\u00e9', mode: 0o120777 }
    const p7zip = { ...unix, name: 'm', host: 0, attributes: 0x8000 }
    expect(await unpack(makeZip([unix, p7zip]))).toEqual(['l', 'm'])
    expect(await readlink(join(target, 'l'))).toBe('caf\u00e9')
    expect(await readlink(join(target, 'm'))).toBe('caf\u00e9')
    // On another system, these bits have other meanings.
    await unpack(makeZip([{ ...unix, host: 0 }]))
    expect(await readFile(join(target, 'l'), 'utf8')).toBe('caf\u00e9')
  })

  it('are files if zip read a pipe', async () => {
    expect(await unpack(makeZip([{ name: '-', content: 'x', mode: 0o010600 }]))).toEqual(['-'])
  })

  it.each([
    ['is encrypted', { name: 'x', flags: 1 }],
    ['Deflate64', { name: 'x', method: 9 }],
    ['LZMA', { name: 'x', method: 14 }],
    ['method 77;', { name: 'x', method: 77 }],
  ])('refuses what %s before anything is written', async (why, member) => {
    const bytes = makeZip([dos('first'), { content: 'x', ...member }])
    await expect(unpack(bytes)).rejects.toMatchObject(refused(why))
    expect(await readdir(target)).toEqual([])
  })
})

describe('archives', () => {
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(70_000, 0x90)])

  it.each([
    ['behind a program that unpacks them', makeZip([dos('a')], { prefix: program })],
    ['behind a script', makeZip([dos('a')], { prefix: Buffer.from('#!/bin/sh\n') })],
    ['split into one part', Buffer.concat([Buffer.from('PK00'), makeZip([dos('a')])])],
    ['before garbage', Buffer.concat([makeZip([dos('a')]), Buffer.from('garbage\n')])],
    [
      'with a comment that looks like an end',
      makeZip([dos('a')], { comment: 'PK\u0005\u0006'.repeat(9) }),
    ],
    ['with an end of zip64 that they do not need', makeZip([dos('a')], { isZip64: 'end' })],
    ['of zip64', makeZip([dos('a')], { isZip64: true })],
  ])('are read %s', async (_, bytes) => {
    expect(await unpack(bytes)).toEqual(['a'])
  })

  it('are refused if they are a part of a split archive', async () => {
    const last = makeZip([dos('a')], { disk: 2 })
    await expect(unpack(last)).rejects.toMatchObject(refused('split archive'))
    const first = Buffer.concat([
      Buffer.from('PK\u0007\u0008'),
      makeZip([dos('a')]).subarray(0, 40),
    ])
    await expect(unpack(first)).rejects.toMatchObject(refused('split archive'))
  })

  it('have all entries, also more than fit in the field for their number', async () => {
    const members = Array.from({ length: 0x10000 + 3 }, (_, index) => dos(`${index}`))
    await writeFile(join(folder, 'many.zip'), makeZip(members))
    const handle = await open(join(folder, 'many.zip'))
    try {
      expect((await readZipDirectory(handle)).length).toBe(members.length)
    } finally {
      await handle.close()
    }
  })
})
