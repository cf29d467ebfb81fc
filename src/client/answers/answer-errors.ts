/**
 * From what went wrong with an HTTP call to the one error class: code, whether to retry, what
 * failed.
 */
import { JarcastError } from '../../errors.ts'
import { toPlainLine } from '../http/plain-line.ts'
import { classifyAnswer, notOfMesos } from './classify-answer.ts'
import type { Answer, Api } from './classify-answer.ts'
import { HttpFailure } from '../http/http-call.ts'

/** An answer that does not accept the call. `details`: call, status, url, verdict, maybeTaken. */
export function refusal(answer: Answer, url: URL): JarcastError {
  const { api, call, status, mediaType } = answer
  const { verdict, code, reason } = classifyAnswer(answer)
  const body = toPlainLine(answer.body)
  const what = reason === notOfMesos && mediaType !== undefined ? `${status} ${mediaType}` : status
  const text = `${serverName(api)} ${url.host} answers ${call} with ${what}: ${reason}`
  return new JarcastError(code, body === '' ? text : `${text} (${body})`, {
    retryable: verdict !== 'final',
    // Mesos checks before it acts; a proxy's answer tells nothing.
    details: {
      call,
      status,
      url: url.href,
      verdict,
      maybeTaken: reason === notOfMesos || (status >= 500 && !isOfMesos(status)),
    },
  })
}

/**
 * A dial or call that got no answer: `CALL_TIMEOUT`, `MASTER_UNREACHABLE` or `AGENT_UNREACHABLE`,
 * all retryable; a `JarcastError` is returned as it is. `hint` says what is wrong with the address.
 * `details.maybeTaken` is false when the server was not reached.
 */
export function failure(
  error: unknown,
  api: Api,
  call: string,
  url: URL,
  hint?: string,
): JarcastError {
  if (error instanceof JarcastError) return error
  const kind = error instanceof HttpFailure ? error.kind : 'broken'
  const message = error instanceof Error ? error.message : String(error)
  const why = hint === undefined ? message : `${hint} (${message})`
  const isTimeout = kind === 'timeout' && call !== 'SUBSCRIBE'
  return new JarcastError(
    isTimeout ? 'CALL_TIMEOUT' : unreachableCode(api),
    `${call} to the ${serverName(api)} ${url.host}: ${why}`,
    {
      retryable: true,
      cause: error,
      details: { call, url: url.href, maybeTaken: kind !== 'connect' },
    },
  )
}

/** A call without a subscription. Nothing was sent. */
export function notSubscribed(call: string, isClosed: boolean): JarcastError {
  return new JarcastError(
    'NOT_SUBSCRIBED',
    isClosed
      ? `${call} was not sent: the connection is closed`
      : `${call} was not sent: its subscription has ended, or has not begun`,
    { retryable: !isClosed, details: { call, maybeTaken: false } },
  )
}

/**
 * A call that was in progress when its subscription ended, or when its owner closed the connection:
 * that is final.
 */
export function interrupted(call: string, isClosed: boolean): JarcastError {
  return new JarcastError(
    'NOT_SUBSCRIBED',
    `${call} has no answer: ${isClosed ? 'the connection was closed' : 'its subscription has ended'}`,
    { retryable: !isClosed, details: { call, maybeTaken: true } },
  )
}

function serverName(api: Api): string {
  return api === 'scheduler' ? 'master' : 'agent'
}

function unreachableCode(api: Api): 'MASTER_UNREACHABLE' | 'AGENT_UNREACHABLE' {
  return api === 'scheduler' ? 'MASTER_UNREACHABLE' : 'AGENT_UNREACHABLE'
}

function isOfMesos(status: number): boolean {
  return status === 501 || status === 503
}
