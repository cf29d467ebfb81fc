/** Where the page asks: a server over a WebSocket, or what is saved in the page itself. */
import type { AppInfo, QuestionName, Questions } from '../protocol/questions.ts'

export interface Source {
  /**
   * Answers a question about an app. Rejects with an `AnswerError`; after a lost connection it asks
   * again by itself.
   */
  ask<Name extends QuestionName>(
    app: string,
    name: Name,
    params: Questions[Name]['params'],
  ): Promise<Questions[Name]['answer']>
  /** Calls the listener with all apps, at once and after each change. */
  onApps(listener: (apps: readonly AppInfo[]) => void): void
  /** `live`: connected; `waiting`: connecting again; `saved`: no server. */
  onState(listener: (state: 'live' | 'waiting' | 'saved') => void): void
}
