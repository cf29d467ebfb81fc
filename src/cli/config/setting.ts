/** The settings of a command: one for each of its options, with its names elsewhere. */
import type { Command, Option } from 'commander'
import { isRepeatable } from '../flags/option-values.ts'

/** Options that say where settings come from: they are no settings of a file themselves. */
const sourceOptions = new Set(['config', 'envFile', 'conf', 'propertiesFile', 'help', 'version'])

/** The options that a file or a variable can set. */
export function settingsOf(command: Command): readonly Option[] {
  return command.options.filter((option) => !sourceOptions.has(option.attributeName()))
}

/** The name in a configuration file, such as `waitTimeout`. */
export function settingName(option: Option): string {
  return option.attributeName()
}

/** The environment variable, such as `JARCAST_WAIT_TIMEOUT`. */
export function variableOf(option: Option): string {
  const words = option.attributeName().replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
  return `JARCAST_${words.toUpperCase()}`
}

/** True for an option without a value. */
export function isSwitch(option: Option): boolean {
  return !option.required && !option.optional
}

/** True if the option has several values: it takes many words, or can be repeated. */
export function isList(option: Option): boolean {
  return option.variadic || isRepeatable(option.parseArg)
}

/** All names of settings in a program, of all its commands. */
export function allSettingNames(program: Command): ReadonlySet<string> {
  return new Set([
    ...settingsOf(program).map(settingName),
    ...program.commands.flatMap((command) => [...allSettingNames(command)]),
  ])
}
