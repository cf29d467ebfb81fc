import { mediaTypeOf } from '../http/answer-head.ts'
import type { AnswerHead } from '../http/answer-head.ts'
import type { Answer } from './classify-answer.ts'

/** An answer as it came; with API and call it can be classified. */
export type ReceivedAnswer = Omit<Answer, 'api' | 'call'>

export function toReceived({ headers, status }: AnswerHead, body: string): ReceivedAnswer {
  return {
    status,
    mediaType: mediaTypeOf(headers),
    challenge: headers.get('www-authenticate'),
    body,
  }
}
