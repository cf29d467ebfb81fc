/** Imports the machines of a folder, with the names of the constants and functions beside them. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StateMachine } from 'xstate'
import { importBundle } from '../support/import-typescript.mjs'

/**
 * The machines in `folder` and the folders inside it, by path: `{ name, path, summary, machine,
 * bindings }`. A machine is named after its file, one in a file `machine.ts` after its folder.
 * Throws if two have the same name. `bindings` maps each identifier in the text of a function to
 * its name in the source and its value, since XState knows an inline action only as an anonymous
 * function.
 */
export async function loadMachines(folder) {
  const entries = await readdir(folder, { recursive: true })
  const paths = entries.filter((path) => path.endsWith('.ts')).sort()
  const modules = await importAll(folder, paths)
  const bindings = new Map(modules.flatMap(({ namedBindings }) => readBindings(namedBindings)))
  const machines = []
  for (const [index, path] of paths.entries()) {
    const machine = Object.values(modules[index]).find((value) => value instanceof StateMachine)
    if (machine === undefined || machines.some((known) => known.machine === machine)) continue
    const name = basename(
      path === 'machine.ts' ? folder : path.replace(/\/machine\.ts$/, ''),
      '.ts',
    )
    const twin = machines.find((known) => known.name === name)
    if (twin !== undefined) throw new Error(`two machines are named ${name}: ${twin.path}, ${path}`)
    const summary = firstSentence(await readFile(join(folder, path), 'utf8'))
    machines.push({ name, path, summary, machine, bindings })
  }
  return machines
}

/** `machine` and every machine that it invokes or may spawn, directly or not. */
export function familyOf(machine, found = new Set()) {
  if (!(machine instanceof StateMachine) || found.has(machine)) return found
  found.add(machine)
  for (const actor of Object.values(machine.implementations.actors)) familyOf(actor, found)
  return found
}

/**
 * One bundle for all: identifiers are unique in it, and a child machine is the same object as the
 * export of its file.
 */
async function importAll(folder, paths) {
  const contents = paths.map((path, index) => `export * as m${index} from './${path}'`).join('\n')
  const modules = await importBundle({
    stdin: { contents, resolveDir: folder },
    keepNames: true,
    plugins: [exposeBindings(folder)],
  })
  return paths.map((_, index) => modules[`m${index}`])
}

function exposeBindings(folder) {
  return {
    name: 'expose-bindings',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8')
        if (!path.startsWith(folder)) return { contents, loader: 'ts' }
        const names = [...contents.matchAll(/^(?:export )?(?:const|(?:async )?function) (\w+)/gm)]
        const thunks = names.map(([, name]) => `${name}: () => ${name}`)
        return {
          contents: `${contents}\nexport const namedBindings = { ${thunks.join(', ')} }\n`,
          loader: 'ts',
        }
      })
    },
  }
}

/**
 * The bundle renames what collides, so each function is read for the identifier that it returns.
 */
function readBindings(thunks) {
  return Object.entries(thunks).map(([name, thunk]) => {
    const [, identifier = name] = /=> ([\w$]+)/.exec(thunk.toString()) ?? []
    return [identifier, { name, value: thunk() }]
  })
}

/** The first sentence of the doc block at the start of a file. */
function firstSentence(source) {
  const [, block = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(source) ?? []
  const text = block
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s*/, '').trim())
    .join(' ')
    .trim()
  return /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text
}
