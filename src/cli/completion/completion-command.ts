import { Argument } from 'commander'
import type { Command } from 'commander'
import { exitStatuses } from '../process/exit-status.ts'
import { completeWords } from './complete-words.ts'
import { completeCommand, shellScripts, shells } from './shell-scripts.ts'
import type { Shell } from './shell-scripts.ts'

const help = `
Completes commands, options and their values. The script asks jarcast, so it fits the installed version.

Examples:
  $ source <(jarcast completion bash)                                         # in ~/.bashrc
  $ source <(jarcast completion zsh)                                          # in ~/.zshrc, after compinit
  $ jarcast completion fish > ~/.config/fish/completions/jarcast.fish`

/** Adds `jarcast completion`, and what its scripts call. Calls `done` with the exit status. */
export function addCompletionCommand(program: Command, done: (status: number) => void): void {
  program
    .command('completion')
    .summary('print a completion script for bash, zsh or fish')
    .description('Prints a script that completes the words of jarcast in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', help)
    .action((shell: Shell) => {
      process.stdout.write(shellScripts[shell])
      done(exitStatuses.ok)
    })
}

/** Adds `jarcast __complete WORDS…`: prints what can follow these words. */
export function addCompleteCommand(program: Command, done: (status: number) => void): void {
  program
    .command(completeCommand, { hidden: true })
    .argument('[words...]')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption(false)
    .action((words: readonly string[]) => {
      const { candidates, takesFiles } = completeWords(program, words)
      const lines = candidates.map(({ word, description }) => `${word}\t${description}`)
      process.stdout.write([...lines, ...(takesFiles ? [':files'] : []), ''].join('\n'))
      done(exitStatuses.ok)
    })
}
