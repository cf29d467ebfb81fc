import { Argument, Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { completeWords } from '../../../src/cli/completion/complete-words.ts'

function program(): Command {
  const all = new Command('jarcast')
  all
    .command('run')
    .summary('run tasks')
    .argument('[tasks]')
    .option('--name <name>', 'name')
    .option('--jar <path...>', 'jars')
    .option('--json', 'as JSON')
    .option('--master <url>', 'the master')
    .addOption(new Option('--conflicts <policy>', 'what to do').choices(['warn', 'fail']))
    .addOption(new Option('--secret').hideHelp())
  all.helpCommand(false)
  all.command('replay').summary('show a run')
  all.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
  const journal = all.command('journal').summary('look after a journal')
  journal.command('check')
  return all
}

const after = (...words: readonly string[]) => {
  const { candidates, takesFiles } = completeWords(program(), words)
  return [...candidates.map(({ word }) => word), ...(takesFiles ? [':files'] : [])]
}

describe('completeWords', () => {
  it('gives commands with their summaries', () => {
    expect(after('')).toEqual(['run', 'replay', 'completion', 'journal'])
    expect(completeWords(program(), ['r']).candidates).toEqual([
      { word: 'run', description: 'run tasks' },
      { word: 'replay', description: 'show a run' },
    ])
    expect(after('journal', 'c')).toEqual(['check'])
  })

  it('gives the options of a command, without hidden ones', () => {
    expect(after('run', '--j')).toEqual(['--jar', '--json'])
    expect(after('run', 'x.mjs', '--')).not.toContain('--secret')
  })

  it('gives the values of an option, or leaves them to files', () => {
    expect(after('run', '--conflicts', '')).toEqual(['warn', 'fail'])
    expect(after('run', '--conflicts', 'f')).toEqual(['fail'])
    expect(after('run', '--jar', '')).toEqual([':files'])
    expect(after('run', '--jar', 'a.jar', '')).toEqual([':files'])
    expect(after('run', '--jar', 'a.jar', '--js')).toEqual(['--json'])
    expect(after('run', '--master', 'l')).toEqual(['local'])
  })

  it('gives the choices of an argument, and leaves others to files', () => {
    expect(after('run', '')).toEqual([':files'])
    expect(after('completion', '')).toEqual(['bash', 'zsh'])
    expect(after('replay', '')).toEqual([])
  })
})
