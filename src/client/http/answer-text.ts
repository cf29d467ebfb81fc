/** Maximum size of an answer's text; messages need no more. */
const maxBytes = 64 * 1024

/** The beginning of an answer's body, as text. */
export class AnswerText {
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  /** Returns false when there is more than is kept: the rest need not be read. */
  add(bytes: Uint8Array): boolean {
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    return this.#bytes <= maxBytes
  }

  get text(): string {
    if (this.#bytes === 0) return ''
    return Buffer.concat(this.#chunks).subarray(0, maxBytes).toString('utf8')
  }
}
