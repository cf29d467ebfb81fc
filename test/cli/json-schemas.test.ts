import { readFileSync, readdirSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addCommands } from '../../src/cli/commands.ts'

const settings = { allNames: () => Promise.resolve(new Set<string>()), warn: () => undefined }
const guide = readFileSync(new URL('../../docs/guides/command-line.md', import.meta.url), 'utf8')

/** `journal check` of a command below another one. */
function jsonCommands(command: Command, before = ''): readonly string[] {
  return command.commands.flatMap((one) => {
    const name = `${before}${one.name()}`
    const own = one.options.some(({ long }) => long === '--json') ? [name] : []
    return [...own, ...jsonCommands(one, `${name} `)]
  })
}

describe('the output of --json', () => {
  it('has a schema for each command, which the guide names', async () => {
    const program = new Command('jarcast').enablePositionalOptions()
    await addCommands(
      program,
      () => true,
      () => undefined,
      settings,
    )
    // It takes the options of the command that it is about.
    const commands = [...jsonCommands(program), 'config']
    expect(commands.length).toBeGreaterThan(15)
    const rows = [...guide.matchAll(/^\| (.+?) +\| `docs\/schemas\/(.+?)` +\|$/gm)]
    const named = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    )
    expect(named.filter((name) => !name.startsWith('--')).toSorted()).toEqual(commands.toSorted())
    const files = readdirSync(new URL('../../docs/schemas/', import.meta.url))
    expect(rows.map(([, , file = '']) => file).toSorted()).toEqual(files.toSorted())
  })
})
