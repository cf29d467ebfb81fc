import { describe, expect, it } from 'vitest'
import { refusal } from '../../../src/client/answers/answer-errors.ts'

const url = new URL('http://127.0.0.1:5050/api/v1/scheduler')

describe('refusal', () => {
  it.each([
    [400, 'Failed to validate scheduler::Call: no', 'text/plain', false],
    [403, 'Framework is not subscribed', 'text/plain', false],
    [403, '<html>blocked</html>', 'text/html', true],
    [501, '', undefined, false],
    [503, 'No leader elected', 'text/plain', false],
    [503, 'Master has not finished recovery', 'text/plain', false],
    [503, 'Agent has not finished recovery', 'text/plain', false],
    [503, 'upstream connect error or disconnect/reset before headers', 'text/plain', true],
    [503, '', undefined, true],
    [502, 'Bad Gateway', 'text/plain', true],
  ])('says of an ACCEPT answered with %i %j (%s) that it may be taken: %s', (...row) => {
    const [status, body, mediaType, maybeTaken] = row
    const answer = { api: 'scheduler', call: 'ACCEPT', status, body, mediaType } as const
    expect(refusal(answer, url).details).toMatchObject({ status, maybeTaken })
  })
})
