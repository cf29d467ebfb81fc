import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import type { StopMode } from '../../framework/control/control-answers.ts'
import { jsonEvent } from '../output/json-event.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withRun } from './find-run.ts'
import { addSteerFlags } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'
import { runLine } from './task-table.ts'

interface Flags extends SteerFlags {
  readonly drain?: boolean
  readonly detach?: boolean
}

const help = `
The run stops as with Ctrl-C in its own terminal: Mesos ends its tasks, and the journal says so. With --master, the
master tears the framework down (TEARDOWN), also one whose process is gone. The command returns once the run has stopped.

Examples:
  $ jarcast stop --journal ./run-1
  $ jarcast stop --journal ./run-1 --drain
  $ jarcast stop --master http://10.0.0.1:5050 --framework nightly

Exit status: 0 once it has stopped; 1 if the master does not answer; 2 for wrong usage, or if no run answers.`

/** Adds `jarcast stop`. Calls `done` with the exit status. */
export function addStopCommand(program: Command, done: (status: number) => void): void {
  addSteerFlags(program.command('stop'))
    .summary('stop a run')
    .description('Stops a run, or has the master end a framework.')
    .option('--drain', 'take no more tasks, and stop once those of now have ended')
    .option('--detach', 'leave the framework registered, so that the same command continues it')
    .option('--json', 'print one JSON object')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      await stop(flags)
      done(exitStatuses.ok)
    })
}

async function stop(flags: Flags): Promise<void> {
  const how = modeOf(flags)
  const isNamed = (flags.journal ?? flags.control ?? flags.framework) !== undefined
  if (!isNamed && flags.master !== undefined)
    throw configInvalid('framework', 'name the framework to stop with --framework')
  await withRun(flags, async (run) => {
    const before = await run.status()
    await run.stop(how)
    const { name, frameworkId } = before
    if (flags.json === true)
      process.stdout.write(`${jsonEvent('stop', { name, frameworkId, how })}\n`)
    else openTerminal(process.stdout).print(runLine({ ...before, life: 'stopped' }))
  })
}

function modeOf({ drain = false, detach = false }: Flags): StopMode {
  if (drain && detach) throw configInvalid('drain', 'give --drain or --detach, not both')
  return drain ? 'drain' : detach ? 'detach' : 'stop'
}
