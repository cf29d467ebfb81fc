import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import { toPort } from '../flags/option-values.ts'
import { formatBytes } from '../output/printable.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import type { SavePageOptions } from './save-page.ts'

interface InspectFlags extends SavePageOptions {
  readonly port: number
  readonly html?: string
}

const help = `
Opens a page on which a run can be watched, rewound and understood: statecharts, sequence of events, state at any
entry, and why each transition was taken or not. It needs no master, performs nothing, and works offline. A journal
in use can be opened too: new entries appear as they are written. Of several journals, the page shows one at a time.
The page is at an address of this machine only. SIGINT or SIGTERM ends it.
With --html the page is written to a file instead, with the journal in it: it opens from disk, without a server and
without a network. Whoever has the file has the journal: task names, commands, environments.

Examples:
  $ jarcast inspect ./run-1
  $ jarcast inspect run-1.ndjson --port 8080
  $ jarcast inspect ./run-1 --html run-1.html
  $ jarcast inspect ./own-run --machine machine.mjs

Exit status: 0; 1 for a damaged journal; 2 for wrong usage, a journal that cannot be read, or a port in use.`

/** Adds `jarcast inspect`. Calls `done` with the exit status. */
export function addInspectCommand(program: Command, done: (status: number) => void): void {
  program
    .command('inspect')
    .summary('open a recorded run in the browser')
    .description('Shows a journal on a page: charts, events, states and their reasons.')
    .argument('<journals...>', 'folders of --journal, or single files of them')
    .option('--port <port>', 'port of the page (default: any free one)', toPort, 0)
    .option('--html <file>', 'write one HTML file that holds page and journal; "-" for stdout')
    .option('--machine <file>', "module that exports the journals' machine, if it is not jarcast's")
    .option('--force', 'with --html: replace the file if it exists')
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (paths: readonly string[], flags: InspectFlags) => {
      if (flags.html === undefined && flags.force === true)
        throw configInvalid('force', '--force has no effect without --html')
      const work = () => open(paths, flags)
      // Only the module of a machine may be copied: a full disk must not keep the rest from working.
      await (flags.machine === undefined ? work() : withTemporaryFolder(work))
      done(exitStatuses.ok)
    })
}

async function open(paths: readonly string[], flags: InspectFlags): Promise<void> {
  if (flags.html !== undefined) return await save(paths, flags.html, flags)
  // Loaded here: the other commands need no page.
  const { serveJournals } = await import('./serve-journals.ts')
  await serveJournals(paths, flags)
}

async function save(paths: readonly string[], file: string, flags: InspectFlags): Promise<void> {
  const { savePage, streamPage } = await import('./save-page.ts')
  if (file === '-') {
    await streamPage(paths, process.stdout, flags)
    return
  }
  const { sizeBytes } = await savePage(paths, file, flags)
  openTerminal(process.stdout).print(`${file}: ${formatBytes(sizeBytes)}`)
}
