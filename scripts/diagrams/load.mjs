/** Brings the machines of a folder of TypeScript into this process, with what their files call things. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { StateMachine } from 'xstate'

const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/**
 * The machines in `folder`, one a file, by file name; files without a machine are left out.
 * `bindings` maps an identifier as it reads in a function's text to its own name and value: an inline action
 * is an anonymous function to XState, and only the name of its constant tells people what it is.
 */
export async function loadMachines(folder) {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
  const loaded = await Promise.all(files.map((file) => loadMachine(join(folder, file))))
  return loaded.filter(({ machine }) => machine !== undefined)
}

async function loadMachine(file) {
  const source = await readFile(file, 'utf8')
  const { namedBindings, ...exports } = await importTypeScript(file)
  const machine = Object.values(exports).find((value) => value instanceof StateMachine)
  const bindings = readBindings(namedBindings)
  return { name: basename(file, '.ts'), summary: firstSentence(source), machine, bindings }
}

/** Node 20 reads no TypeScript, and the packages must stay the ones of this process: hence inside their folder. */
async function importTypeScript(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    keepNames: true,
    write: false,
    plugins: [exposeBindings(file)],
  })
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(join(cacheFolder, 'diagrams-'))
  try {
    const bundle = join(folder, 'machine.mjs')
    await writeFile(bundle, outputFiles[0].contents)
    return await import(pathToFileURL(bundle).href)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function exposeBindings(file) {
  return {
    name: 'expose-bindings',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8')
        if (path !== file) return { contents, loader: 'ts' }
        const names = [...contents.matchAll(/^(?:export )?(?:const|function) (\w+)/gm)]
        const thunks = names.map(([, name]) => `${name}: () => ${name}`)
        return {
          contents: `${contents}\nexport const namedBindings = { ${thunks.join(', ')} }\n`,
          loader: 'ts',
        }
      })
    },
  }
}

/** A bundler renames what collides, so each thunk is asked for the identifier that it reads. */
function readBindings(thunks) {
  return new Map(
    Object.entries(thunks).map(([name, thunk]) => {
      const [, identifier = name] = /=> ([\w$]+)/.exec(thunk.toString()) ?? []
      return [identifier, { name, value: thunk() }]
    }),
  )
}

/** Of the doc block that opens a file. */
function firstSentence(source) {
  const [, block = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(source) ?? []
  const text = block
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s*/, '').trim())
    .join(' ')
    .trim()
  return /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text
}
