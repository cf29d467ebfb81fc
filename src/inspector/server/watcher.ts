/** One page that watches: answers its questions, and tells it of changes, at the pace it reads. */
import type { WebSocket } from 'ws'
import { JarcastError, messageOf } from '../../errors.ts'
import { pageProtocolVersion } from '../protocol/questions.ts'
import type { PageMessage, QuestionMessage } from '../protocol/questions.ts'
import type { AppTable } from './app-table.ts'
import { readQuestion } from './read-question.ts'

/** News of apps are sent at most so often. */
const pushMs = 100
/** With more than this not yet read, a page gets no news, and its next questions wait. */
const maxUnreadBytes = 1024 * 1024
/** Questions in work at a time; a page that asks more is not ours. */
const maxQuestions = 64

/** Serves the page at the other end of `socket` until either end closes. */
export function serveWatcher(socket: WebSocket, apps: AppTable): void {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let inWork = 0

  function send(message: PageMessage): void {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(message), resumeIfRead)
    // A page that asks and reads nothing would fill the memory with answers.
    if (socket.bufferedAmount > maxUnreadBytes) socket.pause()
  }

  function resumeIfRead(): void {
    if (socket.bufferedAmount <= maxUnreadBytes) socket.resume()
  }

  function pushSoon(id: string): void {
    changed.add(id)
    timer ??= setTimeout(push, pushMs).unref()
  }

  function push(): void {
    timer = undefined
    if (socket.bufferedAmount > maxUnreadBytes) {
      timer = setTimeout(push, pushMs).unref()
      return
    }
    const known = [...changed].map((id) => apps.get(id)?.info())
    const infos = known.filter((info) => info !== undefined)
    if (infos.length > 0) send({ push: 'apps', apps: infos })
    for (const app of changed) if (apps.get(app) === undefined) send({ push: 'gone', app })
    changed.clear()
  }

  async function take(message: string): Promise<void> {
    const question = readQuestion(message)
    if ('wrong' in question) return socket.close(1008, question.wrong.slice(0, 120))
    if (inWork >= maxQuestions) return socket.close(1008, 'too many questions at a time')
    inWork += 1
    try {
      send({ id: question.id, answer: await answer(apps, question) })
    } catch (error) {
      const code = error instanceof JarcastError ? error.code : 'INSPECTOR_FAILED'
      send({ id: question.id, error: { code, message: messageOf(error) } })
    } finally {
      inWork -= 1
    }
  }

  const forget = apps.onChange(pushSoon)
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'questions are text')
    else void take((data as Buffer).toString())
  })
  // A `close` event follows.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    forget()
    clearTimeout(timer)
  })
  send({ push: 'hello', version: pageProtocolVersion, apps: apps.infos() })
}

async function answer(apps: AppTable, { app: id, ask, params }: QuestionMessage): Promise<unknown> {
  const app = apps.get(id)
  if (app === undefined)
    throw new JarcastError('INSPECTOR_APP_GONE', `nothing named ${id} is watched any more`)
  const reply = app[ask] as (params: unknown) => unknown
  return await reply.call(app, params)
}
