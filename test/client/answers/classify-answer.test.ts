import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classifyAnswer, isAccepted } from '../../../src/client/answers/classify-answer.ts'
import type { Api } from '../../../src/client/answers/classify-answer.ts'

interface Recorded {
  readonly case: string
  readonly status: number
  readonly body: string
}

const recorded = (name: string): readonly Recorded[] =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/client/${name}`, import.meta.url), 'utf8'),
  ) as Recorded[]

const wrongStream =
  "The stream ID 'a' included in this request didn't match the stream ID currently"

describe('classifyAnswer', () => {
  it.each([
    'Failed to parse body into Call protobuf',
    'Failed to convert JSON into Call protobuf: x',
  ])('takes %j for the answer of an agent', (body) => {
    const answer = { api: 'scheduler', call: 'SUBSCRIBE', status: 400, body } as const
    expect(classifyAnswer(answer).reason).toContain('the port of an agent?')
  })

  it.each<[Api, string, number, string, string, string]>([
    ['scheduler', 'SUBSCRIBE', 307, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 400, 'Framework cannot be found', 'resubscribe', 'NOT_SUBSCRIBED'],
    ['scheduler', 'SUBSCRIBE', 400, 'Failed to validate', 'final', 'MASTER_REJECTED'],
    ['scheduler', 'SUBSCRIBE', 401, '', 'final', 'CREDENTIALS_REJECTED'],
    ['scheduler', 'SUBSCRIBE', 403, '', 'final', 'NOT_PERMITTED'],
    ['scheduler', 'SUBSCRIBE', 404, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 405, '', 'final', 'MASTER_REJECTED'],
    ['scheduler', 'SUBSCRIBE', 406, '', 'final', 'MASTER_REJECTED'],
    ['scheduler', 'SUBSCRIBE', 415, '', 'final', 'MASTER_REJECTED'],
    ['scheduler', 'SUBSCRIBE', 503, 'No leader elected', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 204, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 301, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 418, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'SUBSCRIBE', 502, '', 'retry', 'MASTER_UNREACHABLE'],
    ['scheduler', 'ACCEPT', 307, '', 'resubscribe', 'NOT_SUBSCRIBED'],
    ['scheduler', 'ACCEPT', 400, 'Framework cannot be found', 'resubscribe', 'NOT_SUBSCRIBED'],
    ['scheduler', 'ACCEPT', 400, wrongStream, 'final', 'NOT_SUBSCRIBED'],
    ['scheduler', 'ACCEPT', 400, 'Not a valid UUID', 'final', 'CALL_REJECTED'],
    ['scheduler', 'ACCEPT', 401, '', 'final', 'CREDENTIALS_REJECTED'],
    ['scheduler', 'ACCEPT', 403, 'Framework is not subscribed', 'resubscribe', 'NOT_SUBSCRIBED'],
    ['scheduler', 'ACCEPT', 403, 'not connected via HTTP', 'final', 'NOT_SUBSCRIBED'],
    ['scheduler', 'ACCEPT', 501, '', 'final', 'CALL_REJECTED'],
    ['scheduler', 'ACCEPT', 503, '', 'retry', 'MASTER_UNREACHABLE'],
    ['executor', 'SUBSCRIBE', 400, 'Framework cannot be found', 'final', 'AGENT_REJECTED'],
    ['executor', 'SUBSCRIBE', 400, 'Executor cannot be found', 'final', 'AGENT_REJECTED'],
    ['executor', 'SUBSCRIBE', 503, '', 'retry', 'AGENT_UNREACHABLE'],
    ['executor', 'UPDATE', 403, 'Executor is not subscribed', 'resubscribe', 'NOT_SUBSCRIBED'],
    ['executor', 'SUBSCRIBE', 401, '', 'final', 'CREDENTIALS_REJECTED'],
    ['executor', 'UPDATE', 403, '', 'final', 'NOT_PERMITTED'],
  ])('%s: %s with %i (%s) is %s, %s', (api, call, status, body, verdict, code) => {
    expect(classifyAnswer({ api, call, status, body })).toMatchObject({ verdict, code })
  })

  it.each(recorded('scheduler-answers.json'))(
    'classes what a master answered to: $case',
    (answer) => {
      const isUnknown = /cannot be found|is not subscribed/.test(answer.body)
      const { verdict, reason } = classifyAnswer({ api: 'scheduler', call: 'REVIVE', ...answer })
      expect(verdict).toBe(isUnknown ? 'resubscribe' : 'final')
      expect(reason).not.toContain('no Mesos master')
    },
  )

  it.each(recorded('executor-answers.json'))(
    'classes what an agent answered to: $case',
    (answer) => {
      const { verdict } = classifyAnswer({ api: 'executor', call: 'UPDATE', ...answer })
      expect(verdict).toBe('final')
    },
  )

  it.each([
    [200, 'text/html', '<!DOCTYPE html><title>Sign in</title>'],
    [200, 'application/x-protobuf', ''],
    [202, 'text/html', '<html>queued</html>'],
    [203, undefined, ''],
    [302, 'text/html', '<a href="http://portal/">Found</a>'],
    [400, 'text/html', '<html><center>nginx</center></html>'],
    [401, 'text/html', '<html>who are you?</html>'],
    [403, 'text/html', '<html>blocked by policy</html>'],
    [403, undefined, '<!doctype html>blocked'],
    [403, 'application/json', '{"message":"Forbidden"}'],
    [405, 'text/html', '<html>405</html>'],
    [407, 'text/html', '<html>proxy</html>'],
    [413, 'text/html', '<html>413</html>'],
    [415, 'application/problem+json', '{}'],
    [501, 'text/html', '<html>unsupported method</html>'],
    [511, 'text/html', '<html>Network Authentication Required</html>'],
  ])('takes %i %s %j for another machine', (status, mediaType, body) => {
    for (const call of ['SUBSCRIBE', 'ACCEPT', 'ACKNOWLEDGE']) {
      const answer = { api: 'scheduler', call, status, body, mediaType } as const
      expect(isAccepted(answer)).toBe(false)
      expect(classifyAnswer(answer)).toMatchObject({ verdict: 'retry', code: 'MASTER_UNREACHABLE' })
    }
  })

  it('is final for a page that requires a password', () => {
    const page = { status: 401, mediaType: 'text/html', body: '<html>401</html>' }
    const answer = {
      api: 'scheduler',
      call: 'SUBSCRIBE',
      challenge: 'Basic realm="x"',
      ...page,
    } as const
    expect(classifyAnswer(answer)).toMatchObject({ verdict: 'final', code: 'CREDENTIALS_REJECTED' })
  })

  it.each([
    ['REVIVE', 202, '', undefined, true],
    ['REVIVE', 202, '{"queued":1}', 'application/json', false],
    ['UPDATE_FRAMEWORK', 200, '', undefined, true],
    ['RECONCILE_OPERATIONS', 200, '{}', 'application/json', true],
    ['UPDATE_FRAMEWORK', 200, '<html>', 'text/html', false],
    ['ACCEPT', 200, '', undefined, false],
  ])('knows whether %s with %i %j is accepted', (call, status, body, mediaType, accepted) => {
    expect(isAccepted({ api: 'scheduler', call, status, body, mediaType })).toBe(accepted)
  })

  it('distinguishes statuses with one verdict by reason', () => {
    const reasons = [400, 401, 403, 405, 406, 415, 501].map(
      (status) => classifyAnswer({ api: 'scheduler', call: 'KILL', status, body: '' }).reason,
    )
    expect(new Set(reasons).size).toBe(reasons.length)
  })
})
