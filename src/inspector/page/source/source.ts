/** Where the page asks: a server over a WebSocket, or what is saved in the page itself. */
import type { AppInfo, QuestionName, Questions } from '../../protocol/questions.ts'

/**
 * `live`: connected. `waiting`: connecting again. `saved`: no server. `outdated`: the server is of
 * another version than this page, which must be loaded again. `locked`: the server wants a token.
 */
export type Connection = 'live' | 'waiting' | 'saved' | 'outdated' | 'locked'

export type Ask = <Name extends QuestionName>(
  app: string,
  name: Name,
  params: Questions[Name]['params'],
) => Promise<Questions[Name]['answer']>

export interface Source {
  /**
   * Answers a question about an app. Rejects with an `AnswerError`; after a lost connection it asks
   * again by itself.
   */
  readonly ask: Ask
  /** Calls the listener with all apps, at once and after each change. */
  onApps(listener: (apps: readonly AppInfo[]) => void): void
  /** Calls the listener at once and after each change. */
  onConnection(listener: (connection: Connection) => void): void
}

/** A question that was refused. `code` is the server's, such as `NOT_PERMITTED`. */
export class AnswerError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'AnswerError'
    this.code = code
  }
}

export function toAnswerError(error: unknown): AnswerError {
  if (error instanceof AnswerError) return error
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  return new AnswerError(typeof code === 'string' ? code : 'FAILED', String(message ?? error))
}
