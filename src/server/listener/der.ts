/** Writes values of X.690 (DER), as far as certificates need them. */

/** An object identifier from its content in hex. */
export function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

export function boolean(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]))
}

export function octets(value: Buffer): Buffer {
  return der(0x04, value)
}

export function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

/** One DER value: tag, length and content. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}
