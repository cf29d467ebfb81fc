/** The first bytes of programs and shared libraries. */

/** Of a library for Linux that needs another one, such as `libc.so.6`. */
export function elf(machine: number, needs = ''): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.write('\u007fELF', 0, 'latin1')
  bytes[5] = 1
  bytes.writeUInt16LE(machine, 18)
  return Buffer.concat([bytes, Buffer.from(needs)])
}

/** Of a library for macOS. */
export function machO(type: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(0xfeedfacf, 0)
  bytes.writeUInt32LE(type, 4)
  return bytes
}

/** Of a library for Windows. */
export function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(72)
  bytes.write('MZ', 0, 'latin1')
  bytes.writeUInt32LE(64, 60)
  bytes.write('PE', 64, 'latin1')
  bytes.writeUInt16LE(machine, 68)
  return bytes
}
