import type { Command } from 'commander'
import type { RunView } from '../../framework/control/run-views.ts'
import { jsonEvent } from '../output/json-event.ts'
import { formatElapsed, printable } from '../output/printable.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withRun } from './find-run.ts'
import { addSteerFlags } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'
import { countsText, lifeText } from './task-table.ts'

const help = `
Examples:
  $ jarcast status --journal ./run-1
  $ jarcast status --master http://10.0.0.1:5050 --framework nightly --json

Exit status: 0; 1 if the master does not answer; 2 for wrong usage, or if no run answers.`

/** Adds `jarcast status`. Calls `done` with the exit status. */
export function addStatusCommand(program: Command, done: (status: number) => void): void {
  addSteerFlags(program.command('status'))
    .summary('show the state of a run')
    .description('Shows a run: its master, process, journal, jar server, and its tasks by state.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async (flags: SteerFlags) => {
      const status = await withRun(flags, (run) => run.status())
      if (flags.json === true) process.stdout.write(`${jsonEvent('status', status)}\n`)
      else openTerminal(process.stdout).print(statusText(status))
      done(exitStatuses.ok)
    })
}

/** One line for each thing that is known. */
function statusText(run: RunView): string {
  const { name, frameworkId, master, jarServer, journal, pid, host, startedAt, asOf, tasks } = run
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['framework', name],
    ['id', frameworkId ?? 'not registered yet'],
    ['state', lifeText(run)],
    ['master', master],
    ['jar server', jarServer],
    ['process', pid === undefined ? undefined : `${pid} on ${host}`],
    ['journal', journal],
    ['started', startedAt === undefined ? undefined : startText(startedAt, asOf)],
    ['tasks', countsText(tasks) || 'none'],
  ]
  return lines
    .flatMap(([label, text]) =>
      text === undefined ? [] : [`${label.padEnd(11)}${printable(text)}`],
    )
    .join('\n')
}

function startText(startedAt: number, asOf: number): string {
  return `${new Date(startedAt).toISOString()}, ${formatElapsed(asOf - startedAt)} before this state`
}
