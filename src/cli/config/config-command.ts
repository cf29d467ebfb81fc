import type { Command } from 'commander'
import { configInvalid, withoutUserinfo } from '../../errors.ts'
import { toSafeJson } from '../output/json-event.ts'
import { printable } from '../output/printable.ts'
import { tableLines } from '../output/table.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { applySettings } from './apply-settings.ts'
import type { ApplyOptions } from './apply-settings.ts'
import { settingName, settingsOf, variableOf } from './setting.ts'

const help = `
The value of a setting is the first of these:
  1. the command line
  2. --conf NAME=VALUE
  3. the environment: JARCAST_ and the name of the option, such as JARCAST_WAIT_TIMEOUT
  4. the files of --env-file, the last one first
  5. --properties-file, such as spark-defaults.conf
  6. the configuration file: --config, else jarcast.config.json, .mjs or .ts in the working directory
  7. the default
A list replaces the list of a lower place. Secrets are not shown.

Examples:
  $ jarcast config run
  $ jarcast config exec --mem 512 --json`

interface Row {
  readonly setting: string
  readonly value: unknown
  readonly from: string
  readonly variable: string
}

/** Adds `jarcast config`. Calls `done` with the exit status. */
export function addConfigCommand(
  program: Command,
  done: (status: number) => void,
  options: ApplyOptions,
): void {
  program
    .command('config')
    .summary('show the settings of a command, and where each comes from')
    .description('Shows the settings that a command would have, and where each value comes from.')
    .usage('[COMMAND [OPTIONS]…] [--json]')
    .argument('[words...]', 'a command (default: run) with its options')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText('after', help)
    .action(async (words: readonly string[]) => {
      const [name = 'run', ...rest] = words[0]?.startsWith('-') === true ? ['run', ...words] : words
      const command = program.commands.find((one) => one.name() === name)
      if (command === undefined)
        throw configInvalid('command', `there is no command ${printable(name)}`)
      const { unknown } = command.parseOptions([...rest])
      const others = unknown.filter((word) => word !== '--json' && word.startsWith('-'))
      if (others[0] !== undefined)
        throw configInvalid('command', `${name} has no option ${printable(others[0])}`)
      const origins = await applySettings(command, options)
      print(rowsOf(command, origins), words.includes('--json'))
      done(exitStatuses.ok)
    })
}

function rowsOf(command: Command, origins: ReadonlyMap<string, string>): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const option of settingsOf(command)) {
    const setting = settingName(option)
    const value: unknown = command.getOptionValue(setting)
    const from = origins.get(setting) ?? 'default'
    rows.set(setting, { setting, value: withoutSecrets(value), from, variable: variableOf(option) })
  }
  return [...rows.values()]
}

function print(rows: readonly Row[], isJson: boolean): void {
  const terminal = openTerminal(process.stdout)
  if (isJson) {
    terminal.print(toSafeJson({ settings: rows }, { space: 2 }))
    return
  }
  const heads = ['setting', 'value', 'from', 'variable']
  const cells = rows.map(({ setting, value, from, variable }) => [
    setting,
    value === undefined ? '' : printable(typeof value === 'string' ? value : JSON.stringify(value)),
    from,
    variable,
  ])
  const paint = (text: string, row: number): string =>
    rows[row]?.from === 'default' ? terminal.colours.dim(text) : text
  for (const line of tableLines({ heads, rows: cells, paint }, terminal)) terminal.print(line)
}

const secretName = /secret|token|pass|pwd|credential|api_?key/i

/** Without passwords in addresses, and without the values of variables with telling names. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return /@/.test(value) ? withoutUserinfo(value) : value
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]) => {
    return [name, secretName.test(name) ? '***' : withoutSecrets(one)]
  })
  return Object.fromEntries(entries) as unknown
}
