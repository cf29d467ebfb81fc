/** The commands of the command line, and the report of their errors. */
import { inspect } from 'node:util'
import { Command, CommanderError } from 'commander'
import { JarcastError } from '../errors.ts'
import { addCommands, isCommandName } from './commands.ts'
import type { ApplyOptions } from './config/apply-settings.ts'
import { completeCommand } from './completion/shell-scripts.ts'
import { allSettingNames } from './config/setting.ts'
import { exitStatusOf, exitStatuses } from './process/exit-status.ts'
import { packageVersion } from './package-version.ts'
import { printable } from './output/printable.ts'
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
  $ jarcast ps --journal ./run-1
  $ jarcast logs TASK -f --journal ./run-1
  $ jarcast replay ./run-1
  $ jarcast inspect ./run-1

jarcast help COMMAND describes a command.`

/** Runs the command of `args` (without `node` and the script). Resolves with the exit status. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let status: number = exitStatuses.ok
  try {
    const program = await createProgram(args, (exitStatus) => (status = exitStatus))
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

/** A program with the commands that `args` names: to load all of them would take much longer. */
async function createProgram(
  args: readonly string[],
  done: (status: number) => void,
): Promise<Command> {
  const program = new Command('jarcast')
    .description(description)
    .version(packageVersion(), '--version', 'print the version')
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', help)
    .exitOverride()
  const [first = ''] = args
  // Another word may only look like a command: `logs TASK --journal run`.
  const isAlone = isCommandName(first) && first !== 'config'
  const named = new Set(args.slice(0, isAlone ? 1 : maxNames))
  // `jarcast config` without a command is about `run`.
  if (named.has('config')) named.add('run')
  await addCommands(program, (name) => named.has(name), done, applyOptions)
  if (named.has(completeCommand)) {
    const { addCompleteCommand } = await import('./completion/completion-command.ts')
    addCompleteCommand(program, done)
  }
  addHelpCommands(program)
  program.hook('preAction', async (_, command) => {
    if (!command.options.some(({ long }) => long === '--config')) return
    const { applySettings } = await import('./config/apply-settings.ts')
    await applySettings(command, applyOptions)
  })
  return program
}

/** `help` and `config` have the name of a command among their words. */
const maxNames = 100

const applyOptions: ApplyOptions = {
  async allNames() {
    const program = new Command().enablePositionalOptions()
    await addCommands(
      program,
      () => true,
      () => undefined,
      applyOptions,
    )
    return allSettingNames(program)
  },
  warn: (text) => void process.stderr.write(`jarcast: ${printable(text)}\n`),
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

function causeOf({ cause }: Error): string {
  if (cause === undefined) return ''
  return `\n  caused by ${inspect(cause)}`
}
