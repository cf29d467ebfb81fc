/** What runs on the agents: jarcast's executor, a script, or plain commands with Mesos' fetcher. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { quoteWord } from '../../domain/quote-word.ts'
import type { DeliveryMode, FrameworkOptions } from '../../framework/options/options.ts'
import { collectTexts } from './option-values.ts'

export interface ExecutorFlags {
  readonly delivery?: DeliveryMode
  readonly executorScript?: string
  readonly node?: string
  readonly runtime?: readonly string[]
}

/** Adds the options to `command`. */
export function addExecutorFlags(command: Command): Command {
  return command
    .optionsGroup('Executor:')
    .addOption(
      new Option(
        '--delivery <who>',
        "how libraries reach the tasks: by jarcast's executor, or by Mesos' fetcher for plain commands (default: executor)",
      ).choices(['executor', 'fetcher']),
    )
    .option('--executor-script <path>', "run /bin/sh SCRIPT URI,URI instead of jarcast's executor")
    .option('--node <command>', 'command that starts Node.js on the agents (default: "node")')
    .option(
      '--runtime <what>',
      'what is shipped to agents: a Node.js where there is none ("auto", the default), a Node.js for all executors ("node"), nothing ("none"); a JRE for Java tasks ("jre=PATH|URL#SHA256|maven:…"), another Node.js ("node=…"); repeatable',
      collectTexts,
    )
}

/** With `isLocal` the agents are this machine: they get the Node.js that runs this process. */
export function toExecutorOptions(
  { executorScript, node }: ExecutorFlags,
  isLocal: boolean,
): NonNullable<FrameworkOptions['executor']> {
  const ownNode = isLocal ? quoteWord(process.execPath) : undefined
  return defined({ node: node ?? ownNode, script: executorScript })
}
