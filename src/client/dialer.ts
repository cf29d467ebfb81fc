import { failure, refusal } from './answers/answer-errors.ts'
import { toReceived } from './answers/received-answer.ts'
import { dial } from './http/dial.ts'
import type { Dialled } from './http/dial.ts'
import { callUrl, headersOf } from './endpoint.ts'
import type { Endpoint, Limits } from './endpoint.ts'
import type { Connector } from './http/connector.ts'
import { HttpFailure } from './http/http-failure.ts'
import { protocolHint } from './http/protocol-hint.ts'
import { readText } from './http/read-body.ts'
import { isEventStream } from './session.ts'

/** Dials one server. */
export type Dialer<Call> = (server: URL, call: Call, signal: AbortSignal) => Promise<Dialled>

/** Time to read the text of a refusal, ms: a foreign server may send without end. */
const refusalMs = 5000

/**
 * The dialer posts a SUBSCRIBE to a server, and resolves to an answer for which `isEventStream` is
 * true. Rejects with the codes of `refusal` and `failure`, `REDIRECT_INVALID`, `MESSAGE_INVALID`.
 */
export function createDialer<Call extends { readonly type: string }, Event>(
  endpoint: Endpoint<Call, Event>,
  limits: Limits,
  connector: Connector,
): Dialer<Call> {
  const { api, authorization, codec, path, servers } = endpoint
  const headers = headersOf(endpoint)
  const wanted = api === 'scheduler' ? 'a master' : 'an agent'

  return async (server, call, signal) => {
    let url = callUrl(server, path)
    try {
      const body = codec.encodeCall(call)
      // A redirect must not send the credentials to an unknown server.
      const mayFollow = (to: URL) => authorization === undefined || servers.includes(to)
      const request = { ...limits, url, headers, body, connector, signal }
      const dialled = await dial(request, mayFollow, (to) => {
        url = to
      })
      if (isEventStream(endpoint, dialled.head)) return dialled
      const text = await readText(dialled.body, refusalMs, limits.scheduler)
      throw refusal({ api, call: call.type, ...toReceived(dialled.head, text) }, dialled.url)
    } catch (error) {
      const hint =
        error instanceof HttpFailure ? await protocolHint(url, error.cause, wanted) : undefined
      throw failure(error, api, call.type, url, hint)
    }
  }
}
