import type { Command } from 'commander'
import { Charts } from '../../inspector/chart/charts.ts'
import { startInspectorServer } from '../../inspector/server/inspector-server.ts'
import { toPort } from '../flags/option-values.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { untilStopSignal } from '../process/stop-signals.ts'
import { openJournalApp } from './journal-app.ts'

interface InspectFlags {
  readonly port: number
}

const help = `
Opens a page on which a run can be watched, rewound and understood: statecharts, sequence of events, state at any
entry, and why each transition was taken or not. It needs no master, performs nothing, and works offline. A journal
in use can be opened too: new entries appear as they are written.
The page is at an address of this machine only. SIGINT or SIGTERM ends it.

Examples:
  $ jarcast inspect ./run-1
  $ jarcast inspect run-1.ndjson --port 8080`

/** Adds `jarcast inspect`. Calls `done` with the exit status. */
export function addInspectCommand(program: Command, done: (status: number) => void): void {
  program
    .command('inspect')
    .summary('open a recorded run in the browser')
    .description('Shows a journal on a page: charts, events, states and their reasons.')
    .argument('<journal>', 'folder of --journal, or one file of it')
    .option('--port <port>', 'port of the page (default: any free one)', toPort, 0)
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (path: string, flags: InspectFlags) => {
      done(await inspectJournal(path, flags))
    })
}

async function inspectJournal(path: string, { port }: InspectFlags): Promise<number> {
  const stopped = untilStopSignal()
  const charts = new Charts()
  const app = openJournalApp(path, charts)
  const server = await startInspectorServer({ port, charts })
  server.apps.add(app)
  openTerminal(process.stdout).print(`inspector at ${server.url}`)
  await stopped
  app.close()
  await server.close()
  return exitStatuses.ok
}
