/** Turns failed HTTP calls into `JarcastError`s. */
import { JarcastError, messageOf } from '../../errors.ts'
import { toPlainLine } from '../http/plain-line.ts'
import { classifyAnswer, notOfMesos } from './classify-answer.ts'
import type { Answer, Api } from './classify-answer.ts'
import { HttpFailure } from '../http/http-failure.ts'

/** A refused call. `details`: call, status, url, verdict, maybeTaken. */
export function refusal(answer: Answer, url: URL): JarcastError {
  const { api, call, status, mediaType } = answer
  const { verdict, code, reason } = classifyAnswer(answer)
  const body = toPlainLine(answer.body)
  const what = reason === notOfMesos && mediaType !== undefined ? `${status} ${mediaType}` : status
  const text = `${serverName(api)} ${url.host} answers ${call} with ${what}: ${reason}`
  return new JarcastError(code, body === '' ? text : `${text} (${body})`, {
    retryable: verdict !== 'final',
    // Mesos checks a call before it acts. After an answer of a proxy, the call may have been taken.
    details: {
      call,
      status,
      url: url.href,
      verdict,
      maybeTaken: reason === notOfMesos || (status >= 500 && !isBeforeEffect(answer)),
    },
  })
}

/**
 * A call without an answer: `CALL_TIMEOUT`, `MASTER_UNREACHABLE` or `AGENT_UNREACHABLE`, all
 * retryable. Returns a `JarcastError` unchanged. `hint` says what is wrong with the address.
 * `details.maybeTaken` is false if there was no connection to the server.
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
  const message = messageOf(error)
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
      : `${call} was not sent: the framework or executor is not subscribed`,
    { retryable: !isClosed, details: { call, maybeTaken: false } },
  )
}

/** A call in progress at the end of its subscription. Final if the owner closed the connection. */
export function interrupted(call: string, isClosed: boolean): JarcastError {
  const why = isClosed ? 'the connection was closed' : 'its subscription has ended'
  return new JarcastError('NOT_SUBSCRIBED', `${call} has no answer: ${why}`, {
    retryable: !isClosed,
    details: { call, maybeTaken: true },
  })
}

function serverName(api: Api): string {
  return api === 'scheduler' ? 'master' : 'agent'
}

function unreachableCode(api: Api): 'MASTER_UNREACHABLE' | 'AGENT_UNREACHABLE' {
  return api === 'scheduler' ? 'MASTER_UNREACHABLE' : 'AGENT_UNREACHABLE'
}

/**
 * True for the answers of Mesos above 500. Proxies give 503 in plain text, too, even if the
 * connection to the master broke after they had sent the call (Envoy: "upstream connect error or
 * disconnect/reset before headers").
 * Source: apache/mesos src/master/http.cpp, src/slave/http.cpp (ServiceUnavailable).
 */
function isBeforeEffect({ body, status }: Answer): boolean {
  const isNotReady = /^No leader elected|has not finished recovery/.test(body)
  return status === 501 || (status === 503 && isNotReady)
}
