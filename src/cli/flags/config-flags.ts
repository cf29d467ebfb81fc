/** The options that say where the settings of a command come from. */
import type { Command } from 'commander'
import { collectTexts } from './option-values.ts'

export interface ConfigFlags {
  /** False with `--no-config`. */
  readonly config?: string | false
  readonly envFile?: readonly string[]
}

export interface SparkFlags {
  readonly conf?: readonly string[]
  readonly propertiesFile?: string
}

/** Adds the options that every command has. */
export function addConfigFlags(command: Command): void {
  command
    .optionsGroup('Configuration:')
    .option(
      '--config <file>',
      'file with settings (default: jarcast.config.json, .mjs or .ts, if it exists)',
    )
    .option('--no-config', 'read no configuration file')
    .option(
      '--env-file <file>',
      'file of NAME=VALUE lines for the environment of jarcast; repeatable',
      collectTexts,
    )
}

/** Adds the options that spark-submit has too. */
export function addSparkFlags(command: Command): Command {
  return command
    .optionsGroup('Configuration:')
    .option(
      '--conf <name=value>',
      'a setting by its name here, or by the name that Spark gives it; repeatable',
      collectTexts,
    )
    .option('--properties-file <file>', 'such settings, as in spark-defaults.conf')
}
