/** Asks the process of a run, at its control address. */
import * as http from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IncomingMessage } from 'node:http'
import { defined } from '../../defined.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import { openControlPath } from '../../framework/control/control-socket.ts'
import type { RunView, TaskView } from '../../framework/control/run-views.ts'
import type { KnownRun } from './known-run.ts'

/** The answer to one question is that of the user's own process: only a mistake makes it larger. */
const maxAnswerBytes = 64 * 1024 * 1024
const defaultTimeoutMs = 10_000

export interface ControlClientOptions {
  /** How long the process may be silent while it owes an answer, ms. Default 10,000. */
  readonly timeoutMs?: number
  /** While a run stops: time between two questions whether it still answers, ms. Default 5000. */
  readonly askEveryMs?: number
}

/**
 * The run whose process listens at `path`; undefined if none does. Rejects with CONFIG_INVALID for
 * the socket of another user, with CONTROL_FAILED for a process that does not answer in time: it
 * is stopped, or too busy.
 */
export async function connectControl(
  path: string,
  { timeoutMs = defaultTimeoutMs, askEveryMs = 5000 }: ControlClientOptions = {},
): Promise<KnownRun | undefined> {
  const short = openControlPath(path)
  if (short === undefined) return undefined
  const agent = new http.Agent({ keepAlive: true })

  /** `patienceMs`: 0 for an answer that may take as long as it likes. */
  async function ask(
    method: string,
    question: string,
    body?: unknown,
    patienceMs = timeoutMs,
  ): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return await new Promise((resolve, reject) => {
      let answer: IncomingMessage | undefined
      const request = http.request(
        { socketPath: short?.path ?? path, path: question, method, agent, timeout: patienceMs },
        (begun) => resolve((answer = begun)),
      )
      // Of the socket: it counts from the last byte, also while the answer is read.
      request.on('timeout', () => (answer ?? request).destroy(silent(path, patienceMs)))
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
      const stopped = ask('POST', '/stop', { how }, 0).then((answer) => valueOf(path, answer))
      await untilSilent(stopped, run.status, askEveryMs)
    },
    hold() {
      ask('GET', '/hold', undefined, 0).then(
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
    if (isGone(error) && !isSilent(error)) return undefined
    throw error
  }
}

/** Waits for `work`, which may take hours, for as long as its process answers other questions. */
async function untilSilent(
  work: Promise<unknown>,
  ask: () => Promise<unknown>,
  everyMs: number,
): Promise<void> {
  const done = new AbortController()
  async function watch(): Promise<never> {
    for (;;) {
      await sleep(everyMs, undefined, { signal: done.signal })
      await ask().catch((error: unknown) => {
        // Any other answer, or none: the run is ending, and `work` with it.
        if (isSilent(error)) throw error as Error
      })
    }
  }
  const watching = watch()
  watching.catch(() => undefined)
  await Promise.race([work, watching]).finally(() => done.abort())
}

function isGone(error: unknown): error is JarcastError {
  return error instanceof JarcastError && error.code === 'CONTROL_FAILED'
}

/** True if the process is there, and does not answer. */
function isSilent(error: unknown): boolean {
  return isGone(error) && error.details['isSilent'] === true
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

function silent(path: string, timeoutMs: number): JarcastError {
  const message = `the process of the run at ${path} has not answered for ${timeoutMs / 1000} s: continue it if it is stopped (SIGCONT), or end it (SIGKILL); its journal has the rest`
  return new JarcastError('CONTROL_FAILED', message, { details: { path, isSilent: true } })
}

function gone(path: string, cause: unknown): JarcastError {
  if (isGone(cause)) return cause
  const message = `no run answers at ${path} (${messageOf(cause)})`
  return new JarcastError('CONTROL_FAILED', message, { cause, details: { path } })
}
