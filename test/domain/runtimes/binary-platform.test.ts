import { describe, expect, it } from 'vitest'
import { platformOf } from '../../../src/domain/runtimes/binary-platform.ts'
import { elf, machO, pe } from '../../support/binaries.ts'

describe('platformOf', () => {
  it('reads the headers of ELF, Mach-O and PE', () => {
    expect(platformOf(elf(62, 'libc.so.6\0'))).toEqual({ os: 'linux', cpu: 'x64', libc: 'glibc' })
    expect(platformOf(elf(183, 'libc.musl-aarch64.so.1'))).toEqual({
      os: 'linux',
      cpu: 'arm64',
      libc: 'musl',
    })
    expect(platformOf(elf(62))).toEqual({ os: 'linux', cpu: 'x64' })
    expect(platformOf(machO(0x0100000c))).toEqual({ os: 'darwin', cpu: 'arm64' })
    expect(platformOf(pe(0x8664))).toEqual({ os: 'win32', cpu: 'x64' })
    expect(platformOf(elf(9999))).toEqual({ os: 'linux', cpu: 'machine 9999' })
    expect(platformOf(Buffer.alloc(100))).toBeUndefined()
    expect(platformOf(Buffer.from('MZ'))).toBeUndefined()
  })
})
