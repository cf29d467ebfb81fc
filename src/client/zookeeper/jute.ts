/**
 * The part of ZooKeeper's encoding that a read-only client needs: 32-bit lengths, big-endian
 * numbers, no tags.
 * Source: apache/zookeeper zookeeper-jute/src/main/resources/zookeeper.jute.
 */
import { JarcastError } from '../../errors.ts'

/** Reads fields in order. Throws `MESSAGE_INVALID` if the bytes end within a field. */
export interface JuteReader {
  int(): number
  /** Skips 64 bits. */
  skipLong(): void
  /** A view of the message's bytes, not a copy. */
  buffer(): Uint8Array
  text(): string
  texts(): readonly string[]
}

/** Reads from the start of `bytes`. */
export function createJuteReader(bytes: Buffer): JuteReader {
  let at = 0

  function take(sizeBytes: number): Buffer {
    if (sizeBytes < 0 || at + sizeBytes > bytes.length) {
      throw new JarcastError(
        'MESSAGE_INVALID',
        'a message of ZooKeeper is shorter than its lengths say',
      )
    }
    at += sizeBytes
    return bytes.subarray(at - sizeBytes, at)
  }
  function int(): number {
    return take(4).readInt32BE(0)
  }
  // A length of -1 is null.
  function buffer(): Buffer {
    return take(Math.max(int(), 0))
  }
  function text(): string {
    return buffer().toString('utf8')
  }
  return {
    int,
    skipLong: () => void take(8),
    buffer,
    text,
    texts() {
      const texts: string[] = []
      // Each text has at least four bytes, so a false count fails at the end of the message.
      for (let count = int(); count > 0; count -= 1) texts.push(text())
      return texts
    },
  }
}

/** 32 bits. */
export function juteInt(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** The length, then the bytes; text as UTF-8. */
export function juteBuffer(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([juteInt(bytes.length), bytes])
}

/** One byte. */
export function juteBoolean(value: boolean): Buffer {
  return Buffer.of(value ? 1 : 0)
}
