import type { Agent, IncomingMessage } from 'node:http'
import type { Answer } from './answers/classify-answer.ts'
import { HttpFailure, closeAgent, createAgent, postCall } from './http/http-call.ts'
import type { HttpCall } from './http/http-call.ts'
import { readAnswer } from './read-answer.ts'
import type { TlsSettings } from './http/tls.ts'

export type ChannelCall = Omit<HttpCall, 'agent'>

/** The connection for calls, kept alive, to the server of the subscription. */
export interface CallChannel {
  /**
   * Posts one call and reads its whole answer. Rejects as `postCall`, but never with `stale`.
   */
  post(call: ChannelCall): Promise<Omit<Answer, 'api' | 'call'>>
  /** Closes every connection, and with it a call in progress; resolves when they are closed. */
  close(): Promise<void>
}

/** Connects at the first call. */
export function createCallChannel(tls: TlsSettings): CallChannel {
  let agent: Agent | undefined
  let server = ''

  const agentFor = ({ origin, protocol }: URL): Agent => {
    if (agent === undefined || server !== origin) {
      // The leader changed; idle connections to the old one would stay open for ever.
      if (agent !== undefined) closeIdle(agent)
      agent = createAgent(protocol, tls)
      server = origin
    }
    return agent
  }
  return {
    post: async (call) => {
      const answer = await postOnFresh(call, agentFor(call.url))
      // The body has the same time limit as the head, so that it cannot block later calls.
      return await readAnswer(answer, call.answerTimeoutMs, call.scheduler)
    },
    close: async () => {
      if (agent !== undefined) await closeAgent(agent)
    },
  }
}

/**
 * Posts a call, and once more on a new connection if the kept connection was closed before any byte
 * of an answer.
 *
 * No call is taken twice: a master answers every call before it closes the connection. So the
 * connection was idle (time-out of a proxy, forgotten NAT entry), or the master is gone. Then its
 * subscription is gone too, and the next master refuses the old stream id (403, or 400 "Framework
 * cannot be found"). An agent recognizes a repeated update by its uuid. A call on a new connection
 * may have been taken, so it is not repeated here.
 */
async function postOnFresh(call: ChannelCall, agent: Agent): Promise<IncomingMessage> {
  try {
    return await postCall({ ...call, agent })
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.kind !== 'stale') throw error
  }
  closeIdle(agent)
  try {
    return await postCall({ ...call, agent })
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.kind !== 'stale') throw error
    throw new HttpFailure('broken', error.message, error.cause)
  }
}

function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy()
  }
}
