import type { Command } from 'commander'
import { toAmount } from '../flags/option-values.ts'
import { jsonEvent } from '../output/json-event.ts'
import { count, printable } from '../output/printable.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withRun } from './find-run.ts'
import { addSteerFlags } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'

interface Flags extends SteerFlags {
  readonly grace?: number
}

const help = `
The run kills them as "framework.kill" does: KILL is sent until Mesos reports the end, and no retry follows. A task that
waits for an offer only ends. A task of a group ends with its group.

Examples:
  $ jarcast kill sums-3 sums-4 --journal ./run-1
  $ jarcast kill nightly --journal ./run-1 --grace 30

Exit status: 0 if all of them are being killed or had ended; 2 for wrong usage, an unknown task, or if no run answers.`

/** Adds `jarcast kill`. Calls `done` with the exit status. */
export function addKillCommand(program: Command, done: (status: number) => void): void {
  addSteerFlags(program.command('kill'))
    .summary('kill tasks of a run')
    .description('Kills tasks of a run that is under way.')
    .argument('<tasks...>', 'ids of tasks')
    .option(
      '--grace <seconds>',
      'time between SIGTERM and SIGKILL (default: of the task)',
      toAmount,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async (taskIds: readonly string[], flags: Flags) => {
      done(await kill(taskIds, flags))
    })
}

async function kill(taskIds: readonly string[], flags: Flags): Promise<number> {
  const graceMs = flags.grace === undefined ? undefined : flags.grace * 1000
  const answer = await withRun(flags, (run) => run.kill(taskIds, graceMs))
  const { killed, ended, unknown } = answer
  if (flags.json === true) process.stdout.write(`${jsonEvent('kill', answer)}\n`)
  else {
    const { print } = openTerminal(process.stdout)
    if (killed.length > 0) print(`killing ${count(killed.length, 'task')}: ${listOf(killed)}`)
    if (ended.length > 0) print(`ended before: ${listOf(ended)}`)
    if (unknown.length > 0) process.stderr.write(`no such task in this run: ${listOf(unknown)}\n`)
  }
  return unknown.length > 0 ? exitStatuses.usage : exitStatuses.ok
}

function listOf(taskIds: readonly string[]): string {
  return printable(taskIds.join(', '))
}
