/** What can follow the words of a command line, read from the definitions of the commands. */
import type { Command, Option } from 'commander'

export interface Candidate {
  readonly word: string
  readonly description: string
}

export interface Completion {
  readonly candidates: readonly Candidate[]
  /** True where a file name may stand: the shell completes it. */
  readonly takesFiles: boolean
}

/** `words`: those after the program; the last one is to be completed, and may be empty. */
export function completeWords(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? ''
  const { command, before } = findCommand(program, words.slice(0, -1))
  const open = openOption(command, before)
  if (open !== undefined && !(open.variadic && current.startsWith('-'))) {
    const choices = choicesOf(open)
    const candidates = startingWith(current, choices.map(withoutDescription))
    return { candidates, takesFiles: choices.length === 0 }
  }
  if (current.startsWith('-'))
    return { candidates: startingWith(current, optionsOf(command)), takesFiles: false }
  const choices = command.registeredArguments.map(({ argChoices }) => argChoices)
  const values = choices.flatMap((all = []) => all.map(withoutDescription))
  const candidates = startingWith(current, [...commandsOf(command), ...values])
  return { candidates, takesFiles: choices.includes(undefined) }
}

function findCommand(program: Command, words: readonly string[]) {
  let command = program
  let before: readonly string[] = words
  for (const [index, word] of words.entries()) {
    const next = command.commands.find((one) => one.name() === word)
    if (next === undefined) break
    command = next
    before = words.slice(index + 1)
  }
  return { command, before }
}

/** The option whose value comes next. */
function openOption(command: Command, before: readonly string[]): Option | undefined {
  const at = before.findLastIndex((word) => word.startsWith('-'))
  const word = before[at]
  if (word === undefined) return undefined
  const option = command.options.find(({ long, short }) => [long, short].includes(word))
  if (option === undefined || !(option.required || option.variadic)) return undefined
  return at === before.length - 1 || option.variadic ? option : undefined
}

function choicesOf({ argChoices = [], long }: Option): readonly string[] {
  return long === '--master' ? ['local', 'http://', 'zk://'] : argChoices
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => {
      return long === undefined ? [] : [{ word: long, description }]
    })
}

function commandsOf(command: Command): readonly Candidate[] {
  const help = command.createHelp()
  return help.visibleCommands(command).map((one) => ({
    word: one.name(),
    description: help.subcommandDescription(one),
  }))
}

function withoutDescription(word: string): Candidate {
  return { word, description: '' }
}

function startingWith(start: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ word }) => word.startsWith(start))
}
