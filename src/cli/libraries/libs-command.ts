import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { JarcastError } from '../../errors.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { readFromJournal, readFromServer } from './libs-report.ts'
import { libsTable } from './libs-table.ts'
import { openTerminal } from '../output/terminal.ts'

interface Flags {
  readonly journal?: string
  readonly pageLink?: string
  readonly json?: boolean
}

const help = `
Asks the jar server of a running framework by the link of its status page, which "run" writes with --page-link to a file
(an open one by its address: command lines are no place for links), or reads the journal of a run: which sets of
libraries there are, and which hosts have told that they hold them. A jar server knows what was told since its process
started, a journal knows all of the run. With --json the digests are whole, and every host is named.

Examples:
  $ jarcast libs --page-link page-link
  $ jarcast libs http://10.0.0.5:41234
  $ jarcast libs --journal ./run-1 --json`

/** Adds `jarcast libs`. Calls `done` with the exit status. */
export function addLibsCommand(program: Command, done: (status: number) => void): void {
  program
    .command('libs')
    .summary('the library sets of a run, and who has them')
    .description('Lists library sets with digests, sizes and the hosts that hold each library.')
    .argument('[url]', 'of a jar server that is open to everybody')
    .option('--page-link <file>', 'file with the link of the status page of a running framework')
    .option('--journal <dir>', 'read the journal of a run in place of asking a jar server')
    .option('--json', 'print the whole report as JSON and nothing else')
    .option('--verbose', 'show where in the program an error came from')
    .addHelpText('after', help)
    .action(async (url: string | undefined, { journal, pageLink, json }: Flags) => {
      const report = await read(url, pageLink, journal)
      const terminal = openTerminal(process.stdout)
      terminal.print(json === true ? JSON.stringify(report) : libsTable(report, terminal))
      done(exitStatuses.ok)
    })
}

async function read(
  url: string | undefined,
  pageLink: string | undefined,
  journal: string | undefined,
) {
  if ([url, pageLink, journal].filter((place) => place !== undefined).length === 1) {
    if (journal !== undefined) return readFromJournal(journal)
    if (url !== undefined) return await readFromServer(url)
    const { link, authority } = readLink(pageLink ?? '')
    return await readFromServer(link, authority)
  }
  const message = 'give one of --page-link FILE, --journal DIR and the URL of an open jar server'
  throw new JarcastError('CONFIG_INVALID', message)
}

/** The link, and the certificate below it if the jar server speaks TLS. */
function readLink(path: string): { readonly link: string; readonly authority: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new JarcastError('CONFIG_INVALID', `${path} cannot be read: ${why}`, {
      cause,
      details: { path },
    })
  }
  const [link = '', ...rest] = text.split('\n')
  // It may be any file, even one with other secrets: errors show none of its content.
  if (/^https?:\/\/\S+\s*$/.test(link)) return { link: link.trim(), authority: rest.join('\n') }
  const message = `${path} holds no link of a status page: "run" writes it with --page-link FILE once its jar server runs`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path } })
}
