/** The values that files and variables give, in the order of their precedence. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { configInvalid, messageOf } from '../../errors.ts'
import { readConfigFile } from './config-file.ts'
import type { ConfigFlags, SparkFlags } from '../flags/config-flags.ts'
import { loadEnvFiles } from './env-file.ts'
import { settingsOf, variableOf } from './setting.ts'
import { fromSpark } from './spark-settings.ts'

export interface Layer {
  /** The values by name of the setting, with what messages call their origin. */
  readonly values: ReadonlyMap<string, LayerValue>
}

export interface LayerValue {
  readonly value: unknown
  readonly origin: string
}

export interface Layers {
  /** The first layer with a value counts. */
  readonly layers: readonly Layer[]
  /** Settings of Spark without an equivalent, each with what to do. */
  readonly ignored: readonly string[]
}

/**
 * Reads `--conf`, the environment, the files of `--env-file`, the properties file, and the
 * configuration file. Rejects with `CONFIG_INVALID`.
 */
export async function readLayers(
  command: Command,
  { config, envFile, conf = [], propertiesFile }: ConfigFlags & SparkFlags,
): Promise<Layers> {
  const ignored: string[] = []
  const origins = loadEnvFiles(envFile ?? listOf(process.env['JARCAST_ENV_FILE']))
  const properties = propertiesFile ?? process.env['JARCAST_PROPERTIES_FILE']
  const layers = [
    fromPairs(conf.map(splitPair), '--conf', ignored),
    fromEnvironment(command, origins),
    fromPairs(
      properties === undefined ? [] : await readProperties(properties),
      properties ?? '',
      ignored,
    ),
    config === false ? empty : await fromFile(config ?? process.env['JARCAST_CONFIG'], command),
  ]
  return { layers, ignored }
}

const empty: Layer = { values: new Map() }

function fromEnvironment(command: Command, origins: ReadonlyMap<string, string>): Layer {
  const values = settingsOf(command).flatMap((option) => {
    const name = variableOf(option)
    const value = process.env[name]
    if (value === undefined) return []
    const file = origins.get(name)
    const origin = file === undefined ? name : `${name} in ${file}`
    return [[option.attributeName(), { value, origin }] as const]
  })
  return { values: new Map(values) }
}

/** Names of Spark are translated, others are the names here. Lists of one name add up. */
function fromPairs(
  pairs: readonly (readonly [name: string, value: string])[],
  source: string,
  ignored: string[],
): Layer {
  const values = new Map<string, LayerValue>()
  for (const [name, text] of pairs) {
    const setting = name.startsWith('spark.') ? fromSpark(name, text) : ownSetting(name, text)
    const origin = `${source} ${name}`
    if ('remedy' in setting) {
      ignored.push(`${origin}: ${setting.remedy}`)
      continue
    }
    const before = values.get(setting.name)?.value
    const isMore = Array.isArray(before) && Array.isArray(setting.value)
    const value = isMore
      ? [...(before as unknown[]), ...(setting.value as unknown[])]
      : setting.value
    values.set(setting.name, { value, origin })
  }
  return { values }
}

function ownSetting(
  name: string,
  value: string,
): { readonly name: string; readonly value: string } {
  return { name: toCamelCase(name.replace(/^jarcast\./, '')), value }
}

async function fromFile(name: string | undefined, command: Command): Promise<Layer> {
  const file = await readConfigFile(name, command.name())
  if (file === undefined) return empty
  const { name: origin } = file
  const values = new Map<string, LayerValue>()
  for (const [key, value] of Object.entries(file.settings))
    if (value !== undefined && value !== null)
      values.set(toCamelCase(key), { value, origin: `${origin} ${key}` })
  return { values }
}

/** The names of a properties file are Java's: `name value`, `name=value`, `name: value`. */
async function readProperties(file: string): Promise<readonly (readonly [string, string])[]> {
  const { getProperties } = await import('properties-file')
  try {
    return Object.entries(getProperties(readFileSync(file)))
  } catch (cause) {
    const message = `--properties-file ${file} cannot be read: ${messageOf(cause)}`
    throw configInvalid('propertiesFile', message, cause)
  }
}

function splitPair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)]
  throw configInvalid(
    'conf',
    `--conf ${text}: it must be NAME=VALUE, such as spark.executor.memory=2g`,
  )
}

function toCamelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function listOf(text = ''): readonly string[] {
  return text.split(',').filter((part) => part !== '')
}
