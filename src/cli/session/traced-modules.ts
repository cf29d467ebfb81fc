/** The modules of `js` tasks, with what they import: one tree for all of them. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { defined } from '../../defined.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { configInvalid } from '../../errors.ts'
import { packagesAmong } from '../../framework/delivery/given-packages.ts'
import { lockModules } from '../../framework/delivery/lock-modules.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { TracedModules } from '../../tracing/trace-modules.ts'
import { untracedText } from '../report/untraced-text.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import { mergeLibraries } from '../flags/library-flags.ts'
import { toPackageSettings } from '../flags/package-flags.ts'
import type { PackageFlags } from '../flags/package-flags.ts'

export interface TracedTasks {
  /** `js` tasks name their modules by the paths in the tree. */
  readonly tasks: readonly TaskRequest[]
  /** Those that were given, and the modules. */
  readonly libraries: readonly LibraryInput[]
  /** What was packed, and what could not be followed, for people. */
  readonly notes: readonly string[]
}

export interface TraceTasksOptions extends PackageFlags {
  /** Its folder has the lock file, if no other is named. */
  readonly journal?: string | undefined
  /** Makes no folder for a journal. */
  readonly dryRun?: boolean | undefined
  /** Lists the files. */
  readonly verbose?: boolean | undefined
}

/**
 * Packs the modules that `tasks` name by their file names, with what they import. Packages among
 * the `given` libraries are left out. A module that imports nothing is shipped as it is. The lock
 * file records the packages that are imported. Errors: as of `traceModules` and `lockModules`;
 * `CONFIG_INVALID` for two modules of one name.
 */
export async function traceTasks(
  tasks: readonly TaskRequest[],
  modules: readonly LibraryInput[],
  given: readonly LibraryInput[],
  flags: TraceTasksOptions = {},
): Promise<TracedTasks> {
  if (modules.length === 0) return { tasks, libraries: given, notes: [] }
  const { verbose = false, dryRun = false } = flags
  const journal = dryRun && !existsSync(flags.journal ?? '') ? undefined : flags.journal
  // Loaded on use: it has a parser.
  const { traceModules } = await import('../../tracing/trace-modules.ts')
  const paths = modules.map(({ path }) => path)
  const settings = toPackageSettings(flags)
  const traced = await traceModules(paths, {
    external: await packagesAmong(given),
    ...defined({ platform: settings.platform }),
  })
  const changes = await lockModules(traced, { packages: settings, journal })
  const notes = [
    ...changedText(traced.name, changes),
    ...untracedText(traced.untraced, { verbose }),
  ]
  const [only, ...others] = traced.files
  if (only?.isChanged === false && others.length === 0) {
    await traced.remove()
    return { tasks, libraries: mergeLibraries(given, modules), notes }
  }
  const places = placesByName(traced)
  return {
    tasks: tasks.map((task) => inTree(task, traced.name, places)),
    libraries: [...given, { path: traced.archive, name: traced.name, kind: 'archive' }],
    notes: [packedText(traced, verbose), ...notes],
  }
}

/** The paths in the tree, by the names that tasks have for their modules. */
function placesByName({ modules }: TracedModules): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const [path, place] of modules) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (places.has(name))
      throw configInvalid('module', `two modules are named ${name}; rename one of them`)
    places.set(name, place)
  }
  return places
}

function inTree(task: TaskRequest, tree: string, places: ReadonlyMap<string, string>): TaskRequest {
  const { work } = task
  const place = work.kind === 'js' ? places.get(work.module) : undefined
  if (work.kind !== 'js' || place === undefined) return task
  return { ...task, work: { ...work, module: `${tree}/${place}` } }
}

function changedText(name: string, changes: readonly string[]): readonly string[] {
  if (changes.length === 0) return []
  return [printable(`${name} differs from the lock file, which is written: ${changes.join(', ')}`)]
}

function packedText({ name, files, packageCount }: TracedModules, verbose: boolean): string {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const packages = packageCount === 0 ? '' : ` of ${count(packageCount, 'package')} and its own`
  const head = `packed ${printable(name)}: ${count(files.length, 'file')}${packages}, ${formatBytes(sizeBytes)}`
  if (!verbose) return head
  const lines = files.map(
    ({ source, sizeBytes: bytes }) =>
      `    ${printable(relative(process.cwd(), source))}  ${formatBytes(bytes)}`,
  )
  return [head, ...lines].join('\n')
}
