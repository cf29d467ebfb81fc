import {
  pageProtocolVersion,
  type AppInfo,
  type PageMessage,
  type QuestionMessage,
} from '../../protocol/questions.ts'
import { AnswerError, type Connection, type Source } from './source.ts'

/** What is used of a WebSocket. */
export interface Socket {
  readonly send: (text: string) => void
  readonly close: () => void
}

export interface SocketSourceOptions {
  readonly connect: (on: {
    readonly message: (text: string) => void
    readonly close: (code: number) => void
  }) => Socket
  /** Calls back after this time, ms. */
  readonly wait: (ms: number, callback: () => void) => void
}

interface Pending {
  readonly message: QuestionMessage
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: AnswerError) => void
}

const firstWaitMs = 250
const maxWaitMs = 5_000
/** Questions under way at a time; the server takes 64. The newest of the others goes first. */
const maxAsked = 32
/** What a server says, in a WebSocket's close code, to a question that no page of ours asks. */
const policyViolation = 1008
/** The server wants a token that this page does not have. */
const tokenMissing = 4401

/**
 * Asks a server. Questions without an answer are sent again after a lost connection; they change
 * nothing, except `control`, which then fails, since it may have been taken. If the server
 * refused one of them, all that were sent fail, since it does not say which.
 */
export function createSocketSource({ connect, wait }: SocketSourceOptions): Source {
  const pending = new Map<number, Pending>()
  const asked = new Set<number>()
  const apps = new Map<string, AppInfo>()
  let onApps = (_apps: readonly AppInfo[]): void => {}
  let onConnection = (_connection: Connection): void => {}
  let connection: Connection = 'waiting'
  let socket: Socket | undefined
  let nextId = 1
  let waitMs = firstWaitMs

  open()
  return {
    ask: (app, name, params) =>
      new Promise((resolve, reject) => {
        const message = { id: nextId++, app, ask: name, params }
        pending.set(message.id, { message, resolve: resolve as (answer: unknown) => void, reject })
        sendWaiting()
      }),
    onApps: (listener) => {
      onApps = listener
      listener([...apps.values()])
    },
    onConnection: (listener) => {
      onConnection = listener
      listener(connection)
    },
  }

  function open(): void {
    const opened = connect({
      message: (text) => {
        if (socket === opened) take(JSON.parse(text) as PageMessage)
      },
      close: (code) => {
        if (socket === opened) reopen(code)
      },
    })
    socket = opened
  }

  function reopen(code: number): void {
    socket = undefined
    if (connection === 'outdated') return
    setConnection(code === tokenMissing ? 'locked' : 'waiting')
    for (const [id, { message, reject }] of pending) {
      if (message.ask !== 'control' && !(asked.has(id) && code === policyViolation)) continue
      pending.delete(id)
      reject(new AnswerError('CONNECTION_LOST', 'The connection was lost before an answer came.'))
    }
    asked.clear()
    if (code === tokenMissing) {
      apps.clear()
      onApps([])
      return
    }
    wait(waitMs, open)
    waitMs = Math.min(waitMs * 2, maxWaitMs)
  }

  function take(message: PageMessage): void {
    if ('push' in message) {
      takePush(message)
      return
    }
    const question = pending.get(message.id)
    if (question === undefined) return
    pending.delete(message.id)
    asked.delete(message.id)
    sendWaiting()
    if ('answer' in message) question.resolve(message.answer)
    else question.reject(new AnswerError(message.error.code, message.error.message))
  }

  function takePush(message: Extract<PageMessage, { push: unknown }>): void {
    if (message.push === 'gone') apps.delete(message.app)
    else if (message.push === 'apps') for (const app of message.apps) apps.set(app.id, app)
    else {
      if (message.version !== pageProtocolVersion) {
        setConnection('outdated')
        socket?.close()
        return
      }
      apps.clear()
      for (const app of message.apps) apps.set(app.id, app)
    }
    onApps([...apps.values()])
    if (message.push === 'hello') greet()
  }

  function greet(): void {
    waitMs = firstWaitMs
    setConnection('live')
    sendWaiting()
  }

  function sendWaiting(): void {
    if (connection !== 'live' || asked.size >= maxAsked) return
    const waiting = [...pending.values()].filter(({ message }) => !asked.has(message.id))
    for (const { message } of waiting.slice(asked.size - maxAsked)) {
      asked.add(message.id)
      socket?.send(JSON.stringify(message))
    }
  }

  function setConnection(next: Connection): void {
    connection = next
    onConnection(next)
  }
}
