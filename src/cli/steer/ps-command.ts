import type { Command } from 'commander'
import type { FrameworkSummary } from '../../client/agents/master-views.ts'
import { countStates } from '../../framework/control/task-views.ts'
import { jsonEvent } from '../output/json-event.ts'
import { tableLines } from '../output/table.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withRun } from './find-run.ts'
import { addSteerFlags, toAccess } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'
import { countsText, runLine, taskTable } from './task-table.ts'

interface Flags extends SteerFlags {
  readonly all?: boolean
}

const help = `
With --journal or --control, the tasks of that run; with --master and --framework, those that the master knows; with
--master alone, its frameworks. The journal of a run answers after the end of the run, too.

Examples:
  $ jarcast ps --journal ./run-1
  $ jarcast ps --master http://10.0.0.1:5050
  $ jarcast ps --master http://10.0.0.1:5050 --framework nightly --json

Exit status: 0; 1 if the master does not answer; 2 for wrong usage, or if no run answers.`

/** Adds `jarcast ps`. Calls `done` with the exit status. */
export function addPsCommand(program: Command, done: (status: number) => void): void {
  addSteerFlags(program.command('ps'))
    .summary('list the tasks of a run, or the frameworks of a master')
    .description('Lists tasks: state, time, host, result. Tasks that failed come first.')
    .option('--all', 'list every task, and frameworks that ended')
    .option('--json', 'print one JSON object per task or framework, and a summary')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      const { journal, control, framework, master } = flags
      if ((journal ?? control ?? framework) === undefined && master !== undefined)
        await listFrameworks(master, flags)
      else await listTasks(flags)
      done(exitStatuses.ok)
    })
}

async function listTasks(flags: Flags): Promise<void> {
  const { json = false, all = false } = flags
  const terminal = openTerminal(process.stdout)
  await withRun(flags, async (run) => {
    const tasks = await run.tasks()
    if (json) {
      const states = countStates(tasks.map(({ state }) => state))
      return printLines('ps.task', tasks, { tasks: tasks.length, states })
    }
    const status = await run.status()
    terminal.print(runLine(status))
    terminal.print(taskTable(tasks, status.asOf, terminal, all))
  })
}

async function listFrameworks(master: string, flags: Flags): Promise<void> {
  const { json = false, all = false } = flags
  const { createMasterViews } = await import('../../client/agents/master-views.ts')
  const views = createMasterViews(master, toAccess(flags))
  try {
    const frameworks = await views.frameworks(all)
    if (json) return printLines('ps.framework', frameworks, { frameworks: frameworks.length })
    const terminal = openTerminal(process.stdout)
    const rows = frameworks.map(cellsOf)
    if (rows.length === 0) terminal.print('no framework is registered')
    else terminal.print(tableLines({ heads, rows, isFramed: false }, terminal).join('\n'))
  } finally {
    views.close()
  }
}

const heads = ['framework', 'id', 'state', 'tasks']

function cellsOf({ id, name, isActive, isOver, tasks }: FrameworkSummary): readonly string[] {
  const state = isOver ? 'ended' : isActive ? 'running' : 'away'
  return [name, id, state, countsText(tasks)]
}

function printLines(event: string, values: readonly object[], sums: object): void {
  const at = Date.now()
  for (const value of values) process.stdout.write(`${jsonEvent(event, value, at)}\n`)
  process.stdout.write(`${jsonEvent('ps.summary', sums, at)}\n`)
}
