/** The commands of the command line, and the report of their errors. */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Command, CommanderError } from 'commander'
import { JarcastError } from '../errors.ts'
import { addClasspathCommand } from './libraries/classpath-command.ts'
import { addExecCommand } from './exec/exec-command.ts'
import { exitStatusOf, exitStatuses } from './process/exit-status.ts'
import { addInspectCommand } from './inspect/inspect-command.ts'
import { addJournalCommand } from './journal/journal-command.ts'
import { addLibsCommand } from './libraries/libs-command.ts'
import { addLocalCommand } from './local/local-command.ts'
import { printable } from './output/printable.ts'
import { addResolveCommand } from './libraries/resolve-command.ts'
import { addReplayCommand } from './replay/replay-command.ts'
import { addRunCommand } from './run/run-command.ts'
import { addServeCommand } from './libraries/serve-command.ts'
import { openTerminal } from './output/terminal.ts'

const description = `Runs tasks on a Mesos cluster and ships the jars, npm packages and files that they need.
"--master local" runs everything on this machine, without Mesos.`

const help = `
Examples:
  $ jarcast exec --master local --jar mysql.jar --load-class com.mysql.cj.jdbc.Driver
  $ jarcast run tasks.mjs --master http://10.0.0.1:5050 --jar lib/*.jar
  $ jarcast local --agents 2 --port 5050
  $ jarcast serve lib/*.jar --port 8080
  $ jarcast resolve --package maven:com.mysql:mysql-connector-j:9.1.0 --lock jarcast.lock.json
  $ jarcast classpath lib/*.jar
  $ jarcast libs --page-link page-link
  $ jarcast run tasks.mjs --master http://10.0.0.1:5050 --journal ./run-1
  $ jarcast replay ./run-1
  $ jarcast inspect ./run-1

jarcast help COMMAND describes a command.`

/** Runs the command of `args` (without `node` and the script). Resolves with the exit status. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let status: number = exitStatuses.ok
  const program = createProgram((exitStatus) => (status = exitStatus))
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    // Commander has printed its own error. Help and version are no errors.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitStatuses.ok : exitStatuses.usage
    }
    const isVerbose = args.includes('--verbose') || (process.env['DEBUG'] ?? '') !== ''
    const { colours, print } = openTerminal(process.stderr)
    print(colours.red(describeError(error, isVerbose)))
    return exitStatusOf(error)
  }
}

/** One line with the code; with `isVerbose`, the stack. */
function describeError(error: unknown, isVerbose: boolean): string {
  if (!(error instanceof Error)) return `jarcast: ${printable(String(error))}`
  if (isVerbose) return printable(`jarcast: ${error.stack}${causeOf(error)}`)
  const code = error instanceof JarcastError ? `${error.code}: ` : ''
  return printable(`jarcast: ${code}${error.message}`)
}

function createProgram(done: (status: number) => void): Command {
  const program = new Command('jarcast')
    .description(description)
    .version(packageVersion(), '--version', 'print the version')
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', help)
    .exitOverride()
  addRunCommand(program, done)
  addExecCommand(program, done)
  addLocalCommand(program, done)
  addServeCommand(program, done)
  addResolveCommand(program, done)
  addClasspathCommand(program, done)
  addLibsCommand(program, done)
  addReplayCommand(program, done)
  addInspectCommand(program, done)
  addJournalCommand(program, done)
  addHelpCommands(program)
  return program
}

/** Replaces commander's help command, which accepts unknown names. */
function addHelpCommands(command: Command): void {
  if (command.commands.length === 0) return
  command.commands.forEach(addHelpCommands)
  command.helpCommand(false)
  command
    .command('help [command...]')
    .description('show the help of a command')
    .action((names: readonly string[]) => {
      let found = command
      for (const name of names) {
        const inner = found.commands.find((known) => known.name() === name)
        if (inner === undefined) command.error(`error: unknown command '${printable(name)}'`)
        found = inner
      }
      found.outputHelp()
    })
}

/** The package.json is two folders up, from src/cli and from dist/cli. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

function causeOf({ cause }: Error): string {
  if (cause === undefined) return ''
  return `\n  caused by ${inspect(cause)}`
}
