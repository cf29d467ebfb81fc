/**
 * Checks who imports whom: each folder under src may import itself and the folders named for it below, nothing
 * else. Arrows point down only, so there can be no cycle between folders; those within one are oxlint's to find.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const allowed = {
  leases: [],
  access: [],
  mesos: [],
  domain: ['mesos'],
  machines: ['mesos', 'domain'],
  streams: ['mesos', 'domain'],
  journal: ['leases'],
  client: ['mesos', 'streams'],
  archive: [],
  server: ['access', 'domain', 'archive', 'leases'],
  coordinates: ['domain', 'archive', 'leases'],
  framework: [
    'mesos',
    'domain',
    'machines',
    'streams',
    'journal',
    'client',
    'server',
    'coordinates',
  ],
  executor: [
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
  testing: ['machines', 'journal'],
  cli: [
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
  ],
  exports: [
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
/** Small files that import nothing: every layer may use them. */
const leaves = ['errors.ts', 'defined.ts', 'deferred.ts', 'timeout-signal.ts']
/** Packages that a layer may not do without I/O or a view of its own. */
const packages = {
  leases: ['node:'],
  access: ['node:'],
  mesos: ['protobufjs'],
  domain: ['node:crypto', 're2js'],
  machines: ['node:crypto', 'xstate'],
  streams: ['rxjs'],
  journal: ['xstate', 'node:'],
}

const src = fileURLToPath(new URL('../src', import.meta.url))
const problems = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .flatMap((entry) => problemsOf(join(entry.parentPath, entry.name)))

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}

function problemsOf(file) {
  const layer = layerOf(file)
  const imports = [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b[^'"]*?from ['"]([^'"]+)['"]|\bimport\('([^']+)'\)/gm,
    ),
  ]
  return imports.flatMap(([, fromWord, fromCall]) => {
    const specifier = fromWord ?? fromCall
    const problem = specifier.startsWith('.')
      ? wrongLayer(layer, layerOf(resolve(dirname(file), specifier)))
      : wrongPackage(layer, specifier)
    return problem === undefined ? [] : [`${relative('.', file)} imports ${specifier}: ${problem}`]
  })
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

function layerOf(file) {
  return relative(src, file).split('/')[0]
}
