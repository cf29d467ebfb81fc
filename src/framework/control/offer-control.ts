/** Makes a running framework known to `jarcast ps`, `logs`, `kill` and `stop`. */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configInvalid } from '../../errors.ts'
import { defined } from '../../defined.ts'
import type { Framework } from '../framework.ts'
import { findWatchable } from '../inspection/watchable.ts'
import type { WatchableRun } from '../inspection/watchable.ts'
import { createControlAnswers } from './control-answers.ts'
import { controlName, listenPrivately } from './control-socket.ts'
import { serveControl } from './serve-control.ts'
import type { Readers } from './serve-control.ts'

export interface ControlOptions {
  /** Path of the Unix socket. Default: `control.sock` in the folder of the journal. */
  readonly path?: string
  /** Called if the address cannot be offered: the run continues without. */
  readonly onFailure?: (error: unknown) => void
}

export interface FrameworkControl {
  /**
   * Resolves when nobody reads the output of tasks any more, or after `maxMs`: for a cluster that
   * ends with its run, and its sandboxes with it.
   */
  readersLeft(maxMs: number): Promise<void>
  /** Answers what is asked, then ends the address. The run continues. */
  close(): Promise<void>
}

/**
 * Offers a control address for the run of a framework: a Unix socket with mode 0600. It exists from
 * the beginning of the run, when the journal is locked, to the close. Throws CONFIG_INVALID for an
 * object that is no framework.
 */
export function offerControl(
  framework: Framework,
  { path, onFailure = () => undefined }: ControlOptions = {},
): FrameworkControl {
  const watchable = findWatchable(framework)
  if (watchable === undefined) throw configInvalid('framework', 'it is none of createFramework')
  const { name, credentials, tls, onRun } = watchable
  let readers: Readers | undefined
  let closing: (() => Promise<void>) | undefined
  let opening: Promise<void> = Promise.resolve()

  async function open(run: WatchableRun): Promise<void> {
    const address = path ?? (run.journal && join(run.journal, controlName))
    if (address === undefined)
      throw configInvalid('control', 'a run without a journal needs the path of a control address')
    const answers = createControlAnswers(framework, run, { name, ...defined({ credentials, tls }) })
    const server = createServer({ maxHeaderSize: 8 * 1024, requestTimeout: 10_000 })
    server.maxConnections = 128
    readers = serveControl(server, answers)
    const remove = await listenPrivately(server, address).catch((error: unknown) => {
      answers.close()
      throw error
    })
    server.on('error', () => undefined) // a connection that was not accepted; the next may be
    server.unref()
    closing = async () => {
      remove()
      readers?.end()
      await new Promise<void>((done) => {
        server.close(() => done())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), lastAnswersMs).unref()
      })
      answers.close()
    }
  }

  const forget = onRun((run) => {
    opening = open(run).catch(onFailure)
  })
  return {
    async readersLeft(maxMs) {
      const until = performance.now() + maxMs
      for (; performance.now() < until; await sleep(lookEveryMs))
        if ((readers?.size ?? 0) === 0) return
    },
    async close() {
      forget()
      await opening
      await closing?.()
    },
  }
}

const lookEveryMs = 50
/** Time for answers that are under way. */
const lastAnswersMs = 1000
