import type { IncomingMessage } from 'node:http'
import type { SchedulerLike } from 'rxjs'
import type { Answer } from './answers/classify-answer.ts'
import { readText } from './http/read-body.ts'
import { mediaTypeOf } from './session.ts'

/** Reads an answer for `classifyAnswer`; its body may take `timeoutMs`. Never rejects. */
export async function readAnswer(
  answer: IncomingMessage,
  timeoutMs: number,
  scheduler?: SchedulerLike,
): Promise<Omit<Answer, 'api' | 'call'>> {
  return {
    status: answer.statusCode ?? 0,
    mediaType: mediaTypeOf(answer),
    challenge: answer.headers['www-authenticate'],
    body: await readText(answer, timeoutMs, scheduler),
  }
}
