/** Messages of this executor about one library to the relay endpoint of the jar server. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { JarcastError } from '../../../errors.ts'
import { timeoutSignal } from '../../../timeout-signal.ts'
import { openUri } from '../transfer/http-get.ts'
import { createServerClock } from './server-clock.ts'
import type { ServerClock } from './server-clock.ts'

export interface RelayEndpointOptions {
  readonly uri: string
  /** Digest of the library. */
  readonly sha256: string
  /** Port where this executor serves the library. */
  readonly port: number
  /** Signs the messages. Default: they are not signed. */
  readonly authorize?: Authorize | undefined
  /** Time of the jar server. Default: unknown. */
  readonly clock?: ServerClock
}

type Message = Readonly<Record<string, unknown>>

const answerMs = 1000

export class RelayEndpoint {
  readonly #options: RelayEndpointOptions
  readonly #clock: ServerClock

  constructor(options: RelayEndpointOptions) {
    this.#options = options
    this.#clock = options.clock ?? createServerClock()
  }

  /**
   * Sends a message and resolves with the response. Sends it again if the server refuses it because
   * of its time. Errors: `LIBRARY_UNAVAILABLE`.
   */
  async open(message: Message, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.#send(message, signal)
    } catch (error) {
      const { serverTimeMs } = error instanceof JarcastError ? error.details : {}
      if (typeof serverTimeMs !== 'number') throw error
      this.#clock.learn(this.#options.uri, serverTimeMs)
      return await this.#send(message, signal)
    }
  }

  /** Sends a message; resolves after at most one second, also if the message failed. */
  async post(message: Message): Promise<void> {
    try {
      const response = await this.open(message, timeoutSignal(answerMs))
      response.resume()
    } catch {
      // The server learns it later, from requests and timeouts.
    }
  }

  #send(message: Message, signal: AbortSignal): Promise<IncomingMessage> {
    const { uri, sha256, port, authorize } = this.#options
    const once = { time: this.#clock.now(uri), nonce: randomUUID() }
    const body = JSON.stringify({ sha256, port, ...once, ...message })
    return openUri(uri, { method: 'POST', body, signal, authorize })
  }
}
