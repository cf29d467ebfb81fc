import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { configInvalid, messageOf } from '../../errors.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { readFromJournal } from './libs-from-journal.ts'
import { readFromServer } from './libs-from-server.ts'
import { libsTable } from './libs-table.ts'
import { jsonEvent } from '../output/json-event.ts'
import { openTerminal } from '../output/terminal.ts'

interface Flags {
  readonly journal?: string
  readonly pageLink?: string
  readonly json?: boolean
}

const help = `
Asks the jar server of a running framework, or reads the journal of a run. "run --page-link FILE" writes a link to FILE
that gives access to the jar server. The link is a secret, so it is read from the file and not from the command line.
A jar server knows the hosts that reported since its process started; a journal knows all hosts of the run.
With --json, digests are complete and all hosts are listed.

Examples:
  $ jarcast libs --page-link page-link
  $ jarcast libs http://10.0.0.5:41234
  $ jarcast libs --journal ./run-1 --json`

/** Adds `jarcast libs`. Calls `done` with the exit status. */
export function addLibsCommand(program: Command, done: (status: number) => void): void {
  program
    .command('libs')
    .summary('list the library sets of a run and the hosts that have them')
    .description('Lists library sets with digests, sizes and the hosts that hold each library.')
    .argument('[url]', 'address of a jar server that runs with --open')
    .option('--page-link <file>', 'file that "run --page-link" wrote')
    .option('--journal <dir>', 'read the journal of a run instead')
    .option('--json', 'print the whole report as JSON and nothing else')
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (url: string | undefined, { journal, pageLink, json }: Flags) => {
      const report = await read(url, pageLink, journal)
      const terminal = openTerminal(process.stdout)
      terminal.print(json === true ? jsonEvent('libs', report) : libsTable(report, terminal))
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
  throw configInvalid('url', message)
}

/** The link, and the certificate authority below it if the jar server uses TLS. */
function readLink(path: string): { readonly link: string; readonly authority: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw configInvalid('page-link', `${path} cannot be read: ${messageOf(cause)}`, cause)
  }
  const [link = '', ...rest] = text.split('\n')
  // It may be any file, with other secrets: errors show nothing of its content.
  if (/^https?:\/\/\S+\s*$/.test(link)) return { link: link.trim(), authority: rest.join('\n') }
  const message = `${path} has no link to a status page: "run --page-link FILE" writes it once its jar server runs`
  throw configInvalid('page-link', message)
}
