/** SHA-256 where there is no `node:crypto`, and `crypto.subtle` would be a promise. FIPS 180-4. */

const blockBytes = 64

/** The first 32 bits of the fractional parts of a root of the first primes. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const found: number[] = []
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime !== 0)) found.push(number)
  }
  return Uint32Array.from(found, (prime) => (root(prime) % 1) * 2 ** 32)
}

const constants = { start: fractions(8, Math.sqrt), rounds: fractions(64, Math.cbrt) }

/** The digest of some bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = pad(bytes)
  const hash = Uint32Array.from(constants.start)
  const words = new Uint32Array(blockBytes)
  for (let at = 0; at < padded.byteLength; at += blockBytes) {
    spread(padded, at, words)
    compress(words, hash)
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [index, word] of hash.entries()) digest.setUint32(4 * index, word)
  return new Uint8Array(digest.buffer)
}

/** A bit, zeros, and the length in bits, up to whole blocks. */
function pad(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / blockBytes) * blockBytes
  const padded = new Uint8Array(length)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(length - 4, bytes.length << 3)
  return view
}

function spread(padded: DataView, at: number, words: Uint32Array): void {
  for (let index = 0; index < 16; index++) words[index] = padded.getUint32(at + 4 * index)
  for (let index = 16; index < blockBytes; index++) {
    const early = words[index - 15] ?? 0
    const late = words[index - 2] ?? 0
    const one = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
    const other = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
    words[index] = (words[index - 16] ?? 0) + one + (words[index - 7] ?? 0) + other
  }
}

function compress(words: Uint32Array, hash: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (const [index, word] of words.entries()) {
    const chosen = (e & f) ^ (~e & g)
    const most = (a & b) ^ (a & c) ^ (b & c)
    const round = constants.rounds[index] ?? 0
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + round + word) | 0
    const other = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + most) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + other) | 0
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    hash[index] = (hash[index] ?? 0) + word
  }
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}
