/** UUIDs in messages. */
import { randomBytes } from 'node:crypto'

/** A status update's uuid: 16 random bytes of an RFC 4122 version 4 UUID, as base64. */
export function randomUuidBytes(): string {
  const bytes = randomBytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('base64')
}

/** True for a UUID as Mesos checks it: base64 of 16 bytes, with a version from 1 to 5. */
export function isUuidBytes(base64: string | undefined): boolean {
  const bytes = Buffer.from(base64 ?? '', 'base64')
  const version = (bytes[6] ?? 0) >> 4
  return bytes.length === 16 && version >= 1 && version <= 5
}
