/**
 * The platform that a program or shared library was built for, from its bytes.
 * Sources: System V ABI, "ELF header"; Apple, `mach-o/loader.h`; Microsoft, "PE Format".
 */

export interface BinaryPlatform {
  /** As `process.platform`. */
  readonly os: string
  /** As `process.arch`; `any` for a universal binary. */
  readonly cpu: string
  /** On Linux, if the file says so. */
  readonly libc?: 'glibc' | 'musl'
}

const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}
const machTypes: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' }
const peMachines: Readonly<Record<number, string>> = {
  0x14c: 'ia32',
  0x8664: 'x64',
  0xaa64: 'arm64',
}

/** The first bytes say all but the `libc` of a library. Undefined for a file of another format. */
export function platformOf(bytes: Buffer): BinaryPlatform | undefined {
  if (bytes.length < 64) return undefined
  const magic = bytes.readUInt32BE(0)
  if (magic === 0x7f454c46) return elfPlatform(bytes)
  if (magic === 0xcffaedfe) return { os: 'darwin', cpu: nameOf(machTypes, bytes.readUInt32LE(4)) }
  if (magic === 0xcafebabe) return { os: 'darwin', cpu: 'any' }
  if (bytes.readUInt16LE(0) === 0x5a4d) return pePlatform(bytes)
  return undefined
}

function elfPlatform(bytes: Buffer): BinaryPlatform {
  const isLittle = bytes[5] === 1
  const machine = isLittle ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18)
  const cpu = nameOf(elfMachines, machine)
  // Names of libraries that it needs are in its table of strings.
  if (bytes.includes('libc.musl-') || bytes.includes('ld-musl-'))
    return { os: 'linux', cpu, libc: 'musl' }
  return bytes.includes('libc.so.6') ? { os: 'linux', cpu, libc: 'glibc' } : { os: 'linux', cpu }
}

function pePlatform(bytes: Buffer): BinaryPlatform | undefined {
  const header = bytes.readUInt32LE(60)
  if (header + 6 > bytes.length || bytes.readUInt32BE(header) !== 0x50450000) return undefined
  return { os: 'win32', cpu: nameOf(peMachines, bytes.readUInt16LE(header + 4)) }
}

function nameOf(names: Readonly<Record<number, string>>, key: number): string {
  return names[key] ?? `machine ${key}`
}
