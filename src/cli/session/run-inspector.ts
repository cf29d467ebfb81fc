/** The page of a run: opened before it starts, closed with the command. */
import type { Framework } from '../../framework/framework.ts'
import { inspectFramework } from '../../framework/inspect-framework.ts'
import type { FrameworkInspector } from '../../framework/inspector-page.ts'
import { toPageOptions } from '../flags/inspect-flags.ts'
import type { InspectFlags } from '../flags/inspect-flags.ts'
import { onStopSignal } from '../process/stop-signals.ts'

/** Opens the page for a framework that has not started, if one is wanted. */
export type OpenPage = (framework: Framework) => Promise<void>

/**
 * Runs `session`, which opens the page. With `--inspect-wait`, the page stays after it until a
 * signal, unless one has ended the session. Resolves and rejects as `session` does; rejects with
 * CONFIG_INVALID or INSPECTOR_FAILED if the page cannot be opened.
 */
export async function withInspector(
  flags: InspectFlags,
  session: (openPage: OpenPage) => Promise<number>,
): Promise<number> {
  const options = toPageOptions(flags)
  if (options === undefined) return await session(() => Promise.resolve())
  let inspector: FrameworkInspector | undefined
  let isStopped = false
  const ignoreSignals = onStopSignal(() => (isStopped = true))
  try {
    return await session(async (framework) => {
      inspector = await inspectFramework(framework, {
        ...options,
        control: flags.inspectControl === true,
      })
      say(`inspector at ${inspector.url}`)
    })
  } finally {
    ignoreSignals()
    if (inspector !== undefined) {
      if (flags.inspectWait === true && !isStopped) await untilSignal(inspector.url)
      await inspector.close()
    }
  }
}

async function untilSignal(url: string): Promise<void> {
  say(`the run is over; its page stays at ${url} until Ctrl-C`)
  await new Promise<void>((resolve) => {
    // The page alone does not keep the process alive.
    const timer = setInterval(() => undefined, 2 ** 30)
    const ignoreSignals = onStopSignal(() => {
      clearInterval(timer)
      ignoreSignals()
      resolve()
    })
  })
}

/** stdout may be for the output of a task, or for JSON. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
