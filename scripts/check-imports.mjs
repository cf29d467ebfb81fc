/**
 * Checks imports. A layer (a folder under src) may import itself and the layers listed for it
 * below. Folders of a layer must not import each other in a circle; neither must files, including
 * imports of types. What few programs need is not loaded with the package, but on use.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFileCircles, findFolderCircles } from './support/import-circles.mjs'
import { findLoaded } from './support/loaded-at-start.mjs'

const allowed = {
  leases: [],
  access: [],
  effects: [],
  mesos: [],
  domain: ['mesos'],
  machines: ['mesos', 'domain', 'effects'],
  streams: ['mesos', 'domain'],
  journal: ['leases', 'effects'],
  client: ['mesos', 'streams'],
  archive: [],
  server: ['access', 'domain', 'archive', 'leases'],
  coordinates: ['domain', 'archive', 'leases'],
  tracing: ['domain', 'archive', 'leases'],
  framework: [
    'effects',
    'mesos',
    'domain',
    'machines',
    'streams',
    'journal',
    'client',
    'server',
    'coordinates',
    'inspector',
    'tracing',
  ],
  executor: [
    'effects',
    'access',
    'mesos',
    'domain',
    'archive',
    'machines',
    'streams',
    'journal',
    'client',
    'leases',
  ],
  local: ['access', 'mesos', 'leases'],
  inspector: ['access', 'journal', 'effects'],
  testing: ['machines', 'journal', 'effects'],
  cli: [
    'effects',
    'leases',
    'client',
    'domain',
    'coordinates',
    'framework',
    'local',
    'server',
    'mesos',
    'machines',
    'journal',
    'inspector',
    'tracing',
  ],
  exports: [
    'effects',
    'inspector',
    'coordinates',
    'framework',
    'mesos',
    'domain',
    'machines',
    'streams',
    'journal',
    'client',
    'server',
    'executor',
    'local',
    'testing',
  ],
  'index.ts': ['domain', 'framework'],
}
/** Small files without imports: every layer may use them. */
const leaves = [
  'errors.ts',
  'file-error.ts',
  'defined.ts',
  'deferred.ts',
  'retry-policy.ts',
  'group-by.ts',
  'package-root.ts',
  'timeout-signal.ts',
]
/** Packages that a layer may not do without I/O or a view of its own. */
const packages = {
  leases: ['node:'],
  access: ['node:'],
  mesos: ['protobufjs'],
  domain: ['node:crypto', 're2js'],
  machines: ['node:crypto', 'xstate'],
  streams: ['rxjs'],
  journal: ['xstate', 'rxjs', 'node:'],
}
/** Programs that load neither the inspector nor its packages unless a page is opened. */
const withoutPage = ['src/index.ts', 'src/cli/start.ts', 'src/cli/program.ts']

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')
const imports = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .flatMap((entry) => importsOf(join(entry.parentPath, entry.name)))
const withinSource = imports.filter(({ to }) => to !== undefined)
const problems = [
  ...imports.flatMap(findProblem),
  ...findFileCircles(withinSource).map((circle) => `files import each other: ${circle}`),
  ...Object.keys(allowed)
    .flatMap((layer) => findFolderCircles(withinSource, `src/${layer}`))
    .map((circle) => `folders import each other: ${circle}`),
  ...withoutPage
    .flatMap((file) => findLoaded(imports, file, isOfPage))
    .map((way) => `load it on use, with import(): ${way}`),
]

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}

/** `to` is undefined for a package. Paths are relative to the repository. */
function importsOf(file) {
  const from = relative(root, file)
  const words = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\b(?:[^'"]*?from)? ?['"]([^'"]+)['"]|\bimport\('([^']+)'\)/gm,
  )
  return [...words].map(([text, fromWord, fromCall]) => {
    const specifier = fromWord ?? fromCall
    const to = specifier.startsWith('.')
      ? relative(root, resolve(dirname(file), specifier))
      : undefined
    const isLater = fromWord === undefined || /^(?:import|export) type\b/.test(text)
    return { from, specifier, to, isLater }
  })
}

function isOfPage(target) {
  return target.startsWith('src/inspector/') || target === 'ws' || target.startsWith('elkjs')
}

function findProblem({ from, specifier, to }) {
  const layer = layerOf(from)
  const problem = to === undefined ? wrongPackage(layer, specifier) : wrongLayer(layer, layerOf(to))
  return problem === undefined ? [] : [`${from} imports ${specifier}: ${problem}`]
}

function wrongLayer(from, to) {
  if (from === to || leaves.includes(to) || allowed[from]?.includes(to)) return undefined
  return `${from} may import ${allowed[from]?.join(', ') || 'nothing'} only (scripts/check-imports.mjs)`
}

function wrongPackage(layer, specifier) {
  if (packages[layer] === undefined || packages[layer].some((name) => specifier.startsWith(name)))
    return undefined
  return `of packages, ${layer} may import ${packages[layer].join(', ')} only (scripts/check-imports.mjs)`
}

/** `local` of `src/local/cluster.ts`. */
function layerOf(file) {
  return file.split('/')[1]
}
