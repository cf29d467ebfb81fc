import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addCommands, commandGroups } from '../../src/cli/commands.ts'

const settings = { allNames: () => Promise.resolve(new Set<string>()), warn: () => undefined }

async function programWith(isWanted: (name: string) => boolean): Promise<Command> {
  const program = new Command('jarcast').enablePositionalOptions()
  await addCommands(program, isWanted, () => undefined, settings)
  return program
}

const textsOf = ({ commands }: Command) =>
  commands.map((command) => [command.name(), command.summary(), command.helpGroup()])

describe('addCommands', () => {
  it('shows the same of a command whether it is loaded or not', async () => {
    const none = await programWith(() => false)
    expect(textsOf(await programWith(() => true))).toEqual(textsOf(none))
    expect(none.commands.map((command) => command.name())).toEqual(
      Object.values(commandGroups).flatMap((entries) => entries.map(({ name }) => name)),
    )
    expect(none.commands.every(({ options }) => options.length === 0)).toBe(true)
  })

  it('gives each command that does something the options about its settings', async () => {
    const { commands } = await programWith(() => true)
    const leaves = commands.flatMap((one) => (one.commands.length === 0 ? [one] : one.commands))
    const without = leaves.filter(({ options }) => !options.some(({ long }) => long === '--config'))
    expect(without.map((command) => command.name())).toEqual(['config', 'completion'])
  })

  it('has each option in a section of the help', async () => {
    const { commands } = await programWith((name) => ['run', 'exec'].includes(name))
    for (const { options } of commands)
      expect(options.filter(({ helpGroupHeading }) => !helpGroupHeading)).toEqual([])
  })
})
