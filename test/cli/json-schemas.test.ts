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
    // The first takes the options of the command that it is about, the others have no other output.
    const commands = [...jsonCommands(program), 'config', 'local', 'serve']
    expect(commands.length).toBeGreaterThan(15)
    const rows = [...guide.matchAll(/^\| (.+?) +\| `docs\/schemas\/(.+?)` +\|$/gm)]
    const named = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    )
    expect(named.filter((name) => !name.startsWith('--')).toSorted()).toEqual(commands.toSorted())
    const files = readdirSync(new URL('../../docs/schemas/', import.meta.url))
    expect(rows.map(([, , file = '']) => file).toSorted()).toEqual(files.toSorted())
  })

  it('is printed as events of the schemas, in which nothing steers a terminal', () => {
    const root = new URL('../../src/cli/', import.meta.url)
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, root), 'utf8'))
    const unsafe = /\.(?:write|print)\([^;\n]*JSON\.stringify/
    expect(sources.filter((source) => unsafe.test(source))).toEqual([])
    const events = sources.flatMap((source) =>
      Array.from(source.matchAll(/jsonEvent\('([\w.]+)'/g), ([, event = '']) => event),
    )
    expect(events).toContain('doctor')
    const folder = new URL('../../docs/schemas/', import.meta.url)
    const schemas = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
    const known = schemas.flatMap((schema) =>
      Array.from(schema.matchAll(/"const": "([\w.]+)"/g), ([, event = '']) => event),
    )
    expect(events.filter((event) => !known.includes(event))).toEqual([])
  })
})
