import type { Answer } from '../answers/classify-answer.ts'
import type { AnswerHead } from '../http/answer-head.ts'
import { mediaTypeOf } from '../http/answer-head.ts'

/** An answer as it came; with API and call it can be classified. */
export type ReceivedAnswer = Omit<Answer, 'api' | 'call'>

/** Maximum size of an answer's text; messages need no more. */
const maxTextBytes = 64 * 1024

/** An answer while its text is read. */
export class IncomingAnswer {
  readonly head: AnswerHead
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(head: AnswerHead) {
    this.head = head
  }

  /** Returns false when there is more text than is read. */
  add(bytes: Uint8Array): boolean {
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    return this.#bytes <= maxTextBytes
  }

  /** The answer with the text that has come. */
  get received(): ReceivedAnswer {
    const { status, headers } = this.head
    return {
      status,
      mediaType: mediaTypeOf(headers),
      challenge: headers.get('www-authenticate'),
      body: this.#bytes === 0 ? '' : this.#text(),
    }
  }

  #text(): string {
    return Buffer.concat(this.#chunks).subarray(0, maxTextBytes).toString('utf8')
  }
}
