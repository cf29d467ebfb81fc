import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import type { PrefetchedAgent } from '../../framework/requests/prefetch.ts'
import { checkFrameworkFlags } from '../flags/check-flags.ts'
import { addFrameworkFlags } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { librariesOf } from '../flags/library-flags.ts'
import { toAmount } from '../flags/option-values.ts'
import { jsonEvent } from '../output/json-event.ts'
import { count, formatBytes, formatSeconds, printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { describeFailure } from '../report/failures.ts'
import { createRunReport } from '../report/run-report.ts'
import type { RunReport } from '../report/run-report.ts'
import { withInspector } from '../session/run-inspector.ts'
import { runSession } from '../session/run-session.ts'

const help = `
Starts an executor on each agent, which fetches the libraries into the cache of its host: from the jar server, or from
executors that have them. Then all executors end. Runs with the same libraries find them there, and fetch nothing.

Examples:
  $ jarcast prefetch --master http://10.0.0.1:5050 --jar lib/*.jar
  $ jarcast prefetch --master http://10.0.0.1:5050 --jar lib/*.jar --on db1.example.com db2.example.com
  $ jarcast prefetch --master http://10.0.0.1:5050 --package maven:org.example:app:1.0 --constraint "rack IS r1"

Exit status: 0 if every agent has the libraries, 1 if one has not, 2 for wrong usage, 129, 130 or 143 after a signal.`

interface Flags extends FrameworkFlags {
  readonly on?: readonly string[]
  /** Seconds. */
  readonly within?: number
}

/** Adds `jarcast prefetch`. Calls `done` with the exit status. */
export function addPrefetchCommand(program: Command, done: (status: number) => void): void {
  const command = program
    .command('prefetch')
    .summary('put libraries on agents before there are tasks')
    .description('Has agents fetch libraries into the caches of their hosts.')
    .option('--on <host...>', 'these agents (default: all that meet --constraint)')
    .option('--within <seconds>', 'how long to wait for agents (default: 600)', toAmount)
  addFrameworkFlags(command)
    .usage('--master URL --jar FILE... [options]')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      done(await withTemporaryFolder(() => prefetch(flags)))
    })
}

async function prefetch(flags: Flags): Promise<number> {
  checkFrameworkFlags(flags)
  const libraries = librariesOf(flags)
  if (libraries.length === 0)
    throw configInvalid('libraries', 'give what to fetch: --jar, --lib or --package')
  const report = createRunReport({ json: flags.json === true, taskIds: [] })
  return await withInspector(flags, async (openPage) => {
    return await runSession({
      flags,
      libraries,
      tasks: [],
      report,
      openPage,
      async run(framework) {
        const { on: agents, within = 600, constraint: rules = [] } = flags
        const fetched = await framework.libraries.prefetch({
          ...(agents && { agents }),
          constraints: { rules },
          timeoutMs: within * 1000,
        })
        show(fetched, report, flags.json === true)
        const isReady = fetched.every(({ error }) => error === undefined)
        return isReady ? exitStatuses.ok : exitStatuses.failed
      },
    })
  })
}

function show(agents: readonly PrefetchedAgent[], report: RunReport, isJson: boolean): void {
  const { terminal } = report
  if (isJson) {
    // Before run.summary, which comes once the jar server has counted all that it sent.
    terminal.print(jsonEvent('prefetch.ended', { agents: agents.map(toJson) }))
    return
  }
  report.closeLive()
  const { red, green } = terminal.colours
  const failedFirst = agents.toSorted((one, other) => rankOf(one) - rankOf(other))
  const rows = failedFirst.map(({ hostname, durationMs, error }) => [
    printable(hostname),
    error === undefined ? 'ready' : 'failed',
    formatSeconds(durationMs),
    error === undefined ? '' : describeFailure(error),
  ])
  const ready = agents.filter(({ error }) => error === undefined).length
  const allHeads = ['host', 'libraries', 'seconds', 'why']
  const heads = ready < agents.length ? allHeads : allHeads.slice(0, -1)
  const paint = (text: string, row: number, column: number): string => {
    if (column !== 1) return text
    return rows[row]?.[1] === 'ready' ? green(text) : red(text)
  }
  const isRight = (head: string): boolean => head === 'seconds'
  const shown = rows.map((row) => row.slice(0, heads.length))
  const lines = tableLines({ heads, rows: shown, paint, isRight }, terminal)
  terminal.print(`\n${lines.join('\n')}`)
  const { fetched, cacheHits, fetchedBytes } = report.log.totals()
  terminal.print(
    `${ready} of ${count(agents.length, 'agent')} ready; ` +
      `${count(fetched, 'library', 'libraries')} fetched, ${formatBytes(fetchedBytes)}; ` +
      count(cacheHits, 'cache hit'),
  )
}

function rankOf({ error }: PrefetchedAgent): number {
  return error === undefined ? 1 : 0
}

function toJson({ hostname, durationMs, error }: PrefetchedAgent): object {
  if (error === undefined) return { hostname, durationMs }
  const { code, message, details } = error
  return { hostname, durationMs, error: { code, message, details } }
}
