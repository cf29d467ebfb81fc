import type { ErrorCode } from '../../errors.ts'

export type Api = 'scheduler' | 'executor'

/**
 * What the client should do after a refusal: `retry` the same call later, `resubscribe` first, or
 * give up (`final`).
 */
export type Verdict = 'retry' | 'resubscribe' | 'final'

export interface Answer {
  readonly api: Api
  /** Type of the call, such as `SUBSCRIBE`. */
  readonly call: string
  readonly status: number
  /** Text of the answer's body. */
  readonly body: string
  /** Of the body, without parameters and in lower case. Default: none. */
  readonly mediaType?: string | undefined
  /** Value of WWW-Authenticate. */
  readonly challenge?: string | undefined
}

export interface Classification {
  readonly verdict: Verdict
  readonly code: ErrorCode
  /** For people; without the text of the answer. */
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
 * The first match counts. The texts are from recordings of a Mesos 1.12.0 master and agent. Only
 * for answers that may be from Mesos, see `isOfMesos`.
 * Source: apache/mesos src/master/http.cpp `scheduler`, src/slave/http.cpp `executor`.
 */
const rows: readonly Row[] = [
  // Another instance has subscribed; resubscribing would take the framework back from it.
  {
    status: 400,
    text: "didn't match the stream ID",
    verdict: 'final',
    reason: 'another subscription has taken over this framework',
  },
  {
    status: 400,
    text: "should include the 'Mesos-Stream-Id' header",
    verdict: 'final',
    reason: 'the stream id is missing; a proxy may have removed it',
  },
  // A new leader knows no framework yet. If this one was removed, SUBSCRIBE gets an ERROR.
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
  // An agent answers this path with its operator API, which has a prefix of it.
  {
    status: 400,
    text: 'into Call protobuf',
    api: 'scheduler',
    verdict: 'final',
    reason: 'it does not accept scheduler calls; is it the port of an agent?',
  },
  { status: 400, verdict: 'final', reason: 'the call is not valid' },
  { status: 401, verdict: 'final', reason: 'credentials are missing or wrong' },
  {
    status: 403,
    text: 'is not subscribed',
    verdict: 'resubscribe',
    reason: 'the master or agent no longer knows the subscription',
  },
  {
    status: 403,
    text: 'not connected via HTTP',
    verdict: 'final',
    reason: 'another instance has taken over this framework, by the older API',
  },
  {
    status: 403,
    verdict: 'final',
    reason: 'these credentials do not permit the call, or it needs some',
  },
  // A starting master or agent adds its routes late; Mesos' own library retries too.
  {
    status: 404,
    verdict: 'retry',
    reason: 'this path does not exist yet; is it the port of a master or agent?',
  },
  {
    status: 405,
    verdict: 'final',
    reason: 'the server does not accept POST here; is it the right port?',
  },
  { status: 406, verdict: 'final', reason: 'the server sends events in neither JSON nor protobuf' },
  { status: 408, verdict: 'retry', reason: 'the server gave up waiting for the call' },
  { status: 415, verdict: 'final', reason: 'the server does not accept this media type' },
  { status: 429, verdict: 'retry', reason: 'the server asks for fewer calls' },
  { status: 501, verdict: 'final', reason: 'the server does not know this type of call' },
  { status: 503, verdict: 'retry', reason: 'the server is not ready, or there is no leader' },
]

/**
 * Calls that Mesos answers with 200; before 1.7, the body has the result of a reconciliation.
 */
const answeredAtOnce: readonly string[] = ['UPDATE_FRAMEWORK', 'RECONCILE_OPERATIONS']

/**
 * True if Mesos accepted the call: 202, or 200 for some calls. A web page with status 200 is from a
 * proxy, and tells nothing about the call.
 */
export function isAccepted(answer: Answer): boolean {
  const { call, status } = answer
  return (status === 202 || (status === 200 && answeredAtOnce.includes(call))) && isOfMesos(answer)
}

/**
 * Classifies any answer for which `isAccepted` is false. An answer that no master or agent sends is
 * from a machine in between (a proxy, a gateway, the login page of a network), which may be gone
 * later: retry.
 */
export function classifyAnswer(answer: Answer): Classification {
  const row = isOfMesos(answer) ? rows.find((each) => isMatch(each, answer)) : undefined
  const { verdict, reason } = row ?? classifyOther(answer)
  return { verdict, reason, code: codeOf(verdict, answer) }
}

/** Reason of an answer from another machine. */
export const notOfMesos =
  'this answer is not from Mesos; is the address right, or is there a proxy or login page?'

const webPage = /^\s*<(?:!doctype|html|head|body|\?xml)\b/i

/**
 * False for an answer that is certainly not from Mesos: its refusals are plain text or have no
 * body. 401 with a challenge always counts: a proxy and Mesos need the same remedy.
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
    // SUBSCRIBE follows redirects; other calls have lost their leader, and its subscription.
    return call === 'SUBSCRIBE'
      ? { verdict: 'retry', reason: 'the masters do not agree on a leader yet' }
      : { verdict: 'resubscribe', reason: 'this master is no longer the leader' }
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
