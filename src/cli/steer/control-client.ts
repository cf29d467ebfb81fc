/** Asks the process of a run, at its control address. */
import * as http from 'node:http'
import { createInterface } from 'node:readline'
import type { IncomingMessage } from 'node:http'
import { defined } from '../../defined.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import { openControlPath } from '../../framework/control/control-socket.ts'
import type { RunView, TaskView } from '../../framework/control/run-views.ts'
import type { KnownRun } from './known-run.ts'

/** The answer to one question is that of the user's own process: only a mistake makes it larger. */
const maxAnswerBytes = 64 * 1024 * 1024

/**
 * The run whose process listens at `path`; undefined if none does. Rejects with CONFIG_INVALID for
 * the socket of another user.
 */
export async function connectControl(path: string): Promise<KnownRun | undefined> {
  const short = openControlPath(path)
  if (short === undefined) return undefined
  const agent = new http.Agent({ keepAlive: true })

  async function ask(method: string, question: string, body?: unknown): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return await new Promise((resolve, reject) => {
      const request = http.request(
        { socketPath: short?.path ?? path, path: question, method, agent },
        resolve,
      )
      request.on('error', (error) => reject(gone(path, error)))
      request.end(text)
    })
  }

  async function json(method: string, question: string, body?: unknown): Promise<unknown> {
    return await valueOf(path, await ask(method, question, body))
  }

  const run: KnownRun = {
    status: async () => (await json('GET', '/status')) as RunView,
    async tasks() {
      const answer = await ask('GET', '/tasks')
      if (answer.statusCode !== 200) await valueOf(path, answer)
      return await tasksIn(path, answer)
    },
    async task(taskId) {
      const query = new URLSearchParams({ id: taskId })
      return ((await json('GET', `/task?${query.toString()}`)) as TaskView | null) ?? undefined
    },
    access: async () => (await json('GET', '/access')) as Awaited<ReturnType<KnownRun['access']>>,
    kill: async (taskIds, graceMs) =>
      (await json('POST', '/kill', { taskIds, ...defined({ graceMs }) })) as Awaited<
        ReturnType<KnownRun['kill']>
      >,
    async stop(how) {
      await json('POST', '/stop', { how })
    },
    hold() {
      ask('GET', '/hold').then(
        (answer) => answer.on('error', () => undefined).resume(),
        () => undefined,
      )
    },
    close() {
      agent.destroy()
      short.close()
    },
  }
  try {
    await run.status()
    return run
  } catch (error) {
    run.close()
    if (error instanceof JarcastError && error.code === 'CONTROL_FAILED') return undefined
    throw error
  }
}

/** Rejects with the error that the run answers with. */
async function valueOf(path: string, answer: IncomingMessage): Promise<unknown> {
  const value = JSON.parse(await textOf(path, answer)) as unknown
  if (answer.statusCode === 200) return value
  const { code, message } = value as { readonly code: ErrorCode; readonly message: string }
  throw new JarcastError(code, message)
}

async function tasksIn(path: string, answer: IncomingMessage): Promise<readonly TaskView[]> {
  const tasks: TaskView[] = []
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Infinity }))
      tasks.push(JSON.parse(line) as TaskView)
    return tasks
  } catch (error) {
    throw gone(path, error)
  }
}

async function textOf(path: string, answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxAnswerBytes) throw new Error('its answer is too large')
      chunks.push(chunk)
    }
  } catch (error) {
    throw gone(path, error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function gone(path: string, cause: unknown): JarcastError {
  const message = `no run answers at ${path} (${messageOf(cause)})`
  return new JarcastError('CONTROL_FAILED', message, { cause, details: { path } })
}
