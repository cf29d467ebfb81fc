/** Functions as tasks: their modules become libraries when they are first used. */
import { freeName } from '../../domain/free-name.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { describeUntraced, isOfUser } from '../../tracing/describe-untraced.ts'
import { locateFunction } from '../../tracing/locate-function.ts'
import type { AnyFunction, FunctionPlace } from '../../tracing/locate-function.ts'
import type { TracedModules } from '../../tracing/trace-modules.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { LockSettings } from '../options/lock-file.ts'
import { packagesAmong } from './given-packages.ts'
import { lockModules } from './lock-modules.ts'

export interface FunctionLibraries {
  /**
   * Ships the module of the function, with what it imports, unless that was done before. Resolves
   * to the module's name on agents and the export. Errors: of `locateFunction`, `traceModules` and
   * `add`.
   */
  ship(fn: AnyFunction): Promise<FunctionPlace>
}

export interface FunctionLibrariesOptions extends LockSettings {
  readonly libraries: readonly LibraryInput[]
  readonly report: ReportProgress
  /** Adds a library to those of the framework; resolves when its bytes are no longer needed. */
  readonly add: (library: LibraryInput) => Promise<unknown>
}

export function createFunctionLibraries(options: FunctionLibrariesOptions): FunctionLibraries {
  /** The module's name on agents, by its path. */
  const shipped = new Map<string, Promise<string>>()
  const places = new WeakMap<AnyFunction, Promise<FunctionPlace>>()
  const names = new Set<string>()

  /** Once per function: it makes V8 list all scripts of the process. */
  function locate(fn: AnyFunction): Promise<FunctionPlace> {
    const place = places.get(fn) ?? locateFunction(fn)
    places.set(fn, place)
    return place
  }

  async function shipModule(path: string): Promise<string> {
    const traced = await trace(path, options)
    try {
      // Modules of different folders may have one name.
      const name = freeName(traced.name, (taken) => names.has(taken))
      names.add(name)
      const changes = await lockModules(traced, options)
      if (changes.length > 0) {
        const message = `${name} differs from the lock file, which is written: ${changes.join(', ')}`
        options.report({ type: 'package.warning', message })
      }
      reportTrace(traced, name, options.report)
      await options.add({ path: traced.archive, name, kind: 'archive' })
      return `${name}/${traced.modules.get(path) ?? ''}`
    } finally {
      await traced.remove()
    }
  }

  return {
    async ship(fn) {
      const place = await locate(fn)
      const known = shipped.get(place.module) ?? shipModule(place.module)
      shipped.set(place.module, known)
      // It may be possible the next time, for example after a mistake was corrected.
      known.catch(() => shipped.delete(place.module))
      return { ...place, module: await known }
    },
  }
}

async function trace(
  path: string,
  { libraries, packages }: FunctionLibrariesOptions,
): Promise<TracedModules> {
  const { traceModules } = await import('../../tracing/trace-modules.ts')
  return await traceModules([path], {
    external: await packagesAmong(libraries),
    ...(packages.platform && { platform: packages.platform }),
  })
}

function reportTrace({ files, untraced }: TracedModules, name: string, report: ReportProgress) {
  const packed = files.map(({ place, sizeBytes }) => ({ path: place, sizeBytes }))
  report({ type: 'library.packed', name, folder: name, files: packed })
  for (const one of untraced.filter(isOfUser))
    report({ type: 'package.warning', message: describeUntraced(one) })
}
