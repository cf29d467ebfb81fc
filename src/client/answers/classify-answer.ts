import type { ErrorCode } from '../../errors.ts'

/** Which of the two APIs answered. */
export type Api = 'scheduler' | 'executor'

/**
 * What an answer other than 2xx asks of the client: `retry` the same later, `resubscribe` first, or
 * `final`: no repetition helps.
 */
export type Verdict = 'retry' | 'resubscribe' | 'final'

export interface Answer {
  readonly api: Api
  /** Type of the call that was answered, such as `SUBSCRIBE`. */
  readonly call: string
  readonly status: number
  /** Text of the answer's body. */
  readonly body: string
  /** Of the body, without parameters and in lower case; default: none was named. */
  readonly mediaType?: string | undefined
  /** Value of WWW-Authenticate. */
  readonly challenge?: string | undefined
}

export interface Classification {
  readonly verdict: Verdict
  readonly code: ErrorCode
  /** Why, for people; the answer's own text is not in it. */
  readonly reason: string
}

interface Row {
  readonly status: number
  /** Must occur in the body; absent means any body. */
  readonly text?: string
  /** Absent means both. */
  readonly api?: Api
  readonly verdict: Verdict
  readonly reason: string
}

/**
 * First match counts. Texts are those that a Mesos 1.12.0 master and agent were seen to send. Only
 * answers that can be Mesos' own are looked up here, see `isOfMesos`.
 * Source: apache/mesos src/master/http.cpp `scheduler`, src/slave/http.cpp `executor`.
 */
const rows: readonly Row[] = [
  // The framework id is on another stream by now: resubscribing would only take it back from its
  // new owner.
  {
    status: 400,
    text: "didn't match the stream ID",
    verdict: 'final',
    reason: 'another subscription has taken this framework over',
  },
  {
    status: 400,
    text: "should include the 'Mesos-Stream-Id' header",
    verdict: 'final',
    reason: 'the stream id is missing; something between removes it',
  },
  // A master that just became leader knows no framework yet; if this one was removed, subscribing
  // will tell.
  {
    status: 400,
    text: 'Framework cannot be found',
    api: 'scheduler',
    verdict: 'resubscribe',
    reason: 'the master does not know this framework',
  },
  {
    status: 400,
    text: 'Framework cannot be found',
    verdict: 'final',
    reason: 'the agent does not run this framework',
  },
  {
    status: 400,
    text: 'Executor cannot be found',
    verdict: 'final',
    reason: 'the agent does not run this executor',
  },
  // The operator API of an agent stands under this path's beginning, and answers for it.
  {
    status: 400,
    text: 'into Call protobuf',
    api: 'scheduler',
    verdict: 'final',
    reason: 'it takes no calls of schedulers; is it the port of an agent?',
  },
  { status: 400, verdict: 'final', reason: 'the call is not valid' },
  { status: 401, verdict: 'final', reason: 'credentials are missing or wrong' },
  {
    status: 403,
    text: 'is not subscribed',
    verdict: 'resubscribe',
    reason: 'the subscription is not known any more',
  },
  {
    status: 403,
    text: 'not connected via HTTP',
    verdict: 'final',
    reason: 'another instance has taken this framework over, by the older API',
  },
  {
    status: 403,
    verdict: 'final',
    reason: 'the call is not allowed with these credentials, or without any',
  },
  // Routes appear late while a master or agent starts, so Mesos' own library tries again too.
  {
    status: 404,
    verdict: 'retry',
    reason: 'nothing answers under this path yet; is it the port of a master or agent?',
  },
  { status: 405, verdict: 'final', reason: 'the server takes no POST here; is it the right port?' },
  { status: 406, verdict: 'final', reason: 'the server sends events in neither JSON nor protobuf' },
  { status: 408, verdict: 'retry', reason: 'the server gave up waiting for the call' },
  { status: 415, verdict: 'final', reason: 'the server does not take this media type' },
  { status: 429, verdict: 'retry', reason: 'the server asks for fewer calls' },
  { status: 501, verdict: 'final', reason: 'the server does not know this type of call' },
  { status: 503, verdict: 'retry', reason: 'the server is not ready, or nobody leads' },
]

/**
 * Calls that Mesos answers with 200; before 1.7 with the result of a reconciliation in the body.
 */
const answeredAtOnce: readonly string[] = ['UPDATE_FRAMEWORK', 'RECONCILE_OPERATIONS']

/**
 * True if Mesos accepted the call: 202, and 200 for some calls. A page with status 200 comes from a
 * machine in between, and says nothing about the call.
 */
export function isAccepted(answer: Answer): boolean {
  const { call, status } = answer
  return (status === 202 || (status === 200 && answeredAtOnce.includes(call))) && isOfMesos(answer)
}

/**
 * Says what an answer that is not `isAccepted` means. Total. What no Mesos master or agent sends
 * comes from a machine in between (a proxy, a gateway, the login page of a network), which may be
 * gone later: a retry.
 */
export function classifyAnswer(answer: Answer): Classification {
  const row = isOfMesos(answer) ? rows.find((each) => isMatch(each, answer)) : undefined
  const { verdict, reason } = row ?? classifyOther(answer)
  return { verdict, reason, code: codeOf(verdict, answer) }
}

/** Reason of an answer from another machine. */
export const notOfMesos =
  'Mesos does not answer so; is this address right, or does a proxy or login page answer in between?'

const webPage = /^\s*<(?:!doctype|html|head|body|\?xml)\b/i

/**
 * False for an answer that is surely not Mesos' own: its refusals are plain text, or have no body.
 * A server that asks for a password is an exception: credentials are refused by it or by Mesos,
 * with the same remedy.
 */
function isOfMesos({ status, body, mediaType = 'text/plain', challenge = '' }: Answer): boolean {
  if (status === 401 && /^\s*(?:basic|bearer)\b/i.test(challenge)) return true
  if (status === 200 && /^application\/(?:json|x-protobuf)$/.test(mediaType)) return true
  return mediaType === 'text/plain' && !webPage.test(body)
}

function isMatch(row: Row, { api, status, body }: Answer): boolean {
  return (
    row.status === status &&
    (row.api ?? api) === api &&
    (row.text === undefined || body.includes(row.text))
  )
}

function classifyOther({ call, status }: Answer): Omit<Classification, 'code'> {
  if (status === 307 || status === 308) {
    // A dial follows redirects; a call that meets one has lost its leader, and its subscription
    // with it.
    return call === 'SUBSCRIBE'
      ? { verdict: 'retry', reason: 'the masters do not agree on who leads yet' }
      : { verdict: 'resubscribe', reason: 'this master does not lead any more' }
  }
  if (status >= 500) return { verdict: 'retry', reason: 'the server, or a proxy before it, failed' }
  return { verdict: 'retry', reason: notOfMesos }
}

function codeOf(verdict: Verdict, { api, call, status, body }: Answer): ErrorCode {
  if (verdict === 'retry') return api === 'scheduler' ? 'MASTER_UNREACHABLE' : 'AGENT_UNREACHABLE'
  if (verdict === 'resubscribe') return 'NOT_SUBSCRIBED'
  if (status === 401) return 'CREDENTIALS_REJECTED'
  if (status === 403 && !isTakenOver(body)) return 'NOT_PERMITTED'
  if (call === 'SUBSCRIBE') return api === 'scheduler' ? 'MASTER_REJECTED' : 'AGENT_REJECTED'
  return isTakenOver(body) ? 'NOT_SUBSCRIBED' : 'CALL_REJECTED'
}

function isTakenOver(body: string): boolean {
  return /didn't match the stream ID|not connected via HTTP/.test(body)
}
