/** Gives the options of a command the values of files and variables that its words do not set. */
import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import { assignSetting } from './assign-setting.ts'
import type { ConfigFlags, SparkFlags } from '../flags/config-flags.ts'
import { readLayers } from './layers.ts'
import type { Layer } from './layers.ts'
import { settingName, settingsOf } from './setting.ts'

/** Where each setting of a command has its value from, by name; absent for defaults. */
export type Origins = ReadonlyMap<string, string>

export interface ApplyOptions {
  /** The names of the settings of all commands; asked for only if one is not of this command. */
  readonly allNames: () => Promise<ReadonlySet<string>>
  readonly warn: (text: string) => void
}

/**
 * Precedence: the command line, `--conf`, the environment, `--env-file`, `--properties-file`, the
 * configuration file, defaults. Settings of other commands are left alone. Returns the origins.
 * Rejects with `CONFIG_INVALID`.
 */
export async function applySettings(
  command: Command,
  { allNames, warn }: ApplyOptions,
): Promise<Origins> {
  const { layers, ignored } = await readLayers(command, command.opts<ConfigFlags & SparkFlags>())
  await refuseUnknown(command, layers, allNames)
  const origins = new Map<string, string>()
  for (const option of settingsOf(command)) {
    const name = settingName(option)
    if (command.getOptionValueSource(name) === 'cli') {
      origins.set(name, 'command line')
      continue
    }
    const found = layers.map(({ values }) => values.get(name)).find((one) => one !== undefined)
    if (found === undefined || origins.has(name)) continue
    assignSetting(command, option, found.value, found.origin)
    origins.set(name, found.origin)
  }
  for (const note of ignored) warn(`ignored ${note}`)
  return origins
}

/** A typo would have no effect; a setting of another command has none on purpose. */
async function refuseUnknown(
  command: Command,
  layers: readonly Layer[],
  allNames: ApplyOptions['allNames'],
): Promise<void> {
  const own = new Set(settingsOf(command).map(settingName))
  const others = layers.flatMap(({ values }) => [...values].filter(([name]) => !own.has(name)))
  if (others.length === 0) return
  const all = await allNames()
  const [unknown] = others.filter(([name]) => !all.has(name))
  if (unknown === undefined) return
  const [name, { origin }] = unknown
  const message = `${origin}: there is no setting ${name}; "jarcast config COMMAND" lists those of a command`
  throw configInvalid(name, message)
}
