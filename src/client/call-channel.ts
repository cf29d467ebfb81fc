import type { Agent, IncomingMessage } from 'node:http'
import type { Answer } from './answers/classify-answer.ts'
import { HttpFailure, closeAgent, createAgent, postCall } from './http/http-call.ts'
import type { HttpCall } from './http/http-call.ts'
import { readAnswer } from './read-answer.ts'
import type { TlsSettings } from './http/tls.ts'

export type ChannelCall = Omit<HttpCall, 'agent'>

/** The second connection: kept alive between calls, one per server that was subscribed at. */
export interface CallChannel {
  /**
   * Posts one call and reads its whole answer. Rejects as `postCall` does, but never with `stale`.
   */
  post(call: ChannelCall): Promise<Omit<Answer, 'api' | 'call'>>
  /** Closes every connection, and with it a call in progress; resolves when they are closed. */
  close(): Promise<void>
}

/** Makes a channel with no connection yet. */
export function createCallChannel(tls: TlsSettings): CallChannel {
  let agent: Agent | undefined
  let server = ''

  const agentFor = ({ origin, protocol }: URL): Agent => {
    if (agent === undefined || server !== origin) {
      // The leader changed. What is kept open to the old one would stay so for ever.
      if (agent !== undefined) closeIdle(agent)
      agent = createAgent(protocol, tls)
      server = origin
    }
    return agent
  }
  return {
    post: async (call) => {
      const answer = await postOnFresh(call, agentFor(call.url))
      // The head came in time; the rest has as long again, or it could hold up all later calls.
      return await readAnswer(answer, call.answerTimeoutMs, call.scheduler)
    },
    close: async () => {
      if (agent !== undefined) await closeAgent(agent)
    },
  }
}

/**
 * Posts, a second time when the kept connection turned out to be closed before any byte of an
 * answer came.
 *
 * Why the first cannot have been taken by the subscription that the second reaches: a master
 * answers every call before it closes the connection, so one closed without an answer was idle (a
 * proxy's time-out, a forgotten NAT entry) or lost its master. In the second case the subscription
 * died with that master, and whoever answers next refuses the old stream id (403, or 400 "Framework
 * cannot be found") and does nothing. An agent knows a repeated update by its uuid. A fresh
 * connection proves nothing of the kind, so a call that breaks there, or gets no answer in time, is
 * the caller's to decide.
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
