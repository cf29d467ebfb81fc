/** The libraries of a running framework, as its user sees and changes them. */
import type { EventEmitter } from 'eventemitter3'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { getFrom, valuesOf } from '../../domain/persistent-map.ts'
import { changeSet, currentSet } from '../../machines/scheduler/delivery/set-table.ts'
import type { LibraryChange } from '../../machines/scheduler/delivery/set-table.ts'
import { JarcastError } from '../../errors.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { createDeferred } from '../../deferred.ts'
import type { Deferred } from '../../deferred.ts'
import type { DeliveryServer } from './delivery-server.ts'
import type { FrameworkEvents } from '../facts/events.ts'
import type { FrameworkSettings, PackageSettings } from '../options/options.ts'
import { librariesOf, tasksOf } from '../state/selectors.ts'
import { withPackages } from './package-libraries.ts'

/** A set that new tasks get, or that some tasks still run with. */
export interface LibrarySetInUse {
  readonly set: LibrarySet
  /** Tasks that are not over and have this set. */
  readonly taskCount: number
  readonly isCurrent: boolean
}

/**
 * Changes are made one after another, and each starts the framework if need be. They resolve with the set that tasks
 * submitted from now on get; tasks submitted before keep theirs, through all their attempts. Executors fetch what they
 * do not have yet, and nothing else.
 * Errors of all: those of staging; `CONFIG_INVALID` for a framework that was started without libraries, or whose
 * libraries are not brought by jarcast's own executor; `FRAMEWORK_STOPPED`.
 */
export interface FrameworkLibraries {
  /**
   * Adds a library at the end of the class path; of a coordinate all that it needs, resolved by itself, without the lock
   * file. Errors: `CONFIG_INVALID` when the set has another of its name; those of `resolvePackages`.
   */
  add(library: string | LibraryInput): Promise<LibrarySet>
  /**
   * Puts a library in the place of the one of this name. Errors: `LIBRARY_NOT_FOUND` when there is none; `CONFIG_INVALID` for
   * a coordinate.
   */
  replace(name: string, library: string | LibraryInput): Promise<LibrarySet>
  /** Errors: `LIBRARY_NOT_FOUND`. */
  remove(name: string): Promise<LibrarySet>
  /** Undefined before the libraries are staged, and without any. */
  readonly current: LibrarySet | undefined
  /** The current set, and those that tasks of before still have. */
  list(): readonly LibrarySetInUse[]
}

export interface LibraryChangesOptions {
  readonly emitter: EventEmitter<FrameworkEvents>
  readonly settings: Pick<FrameworkSettings, 'delivery' | 'executor' | 'libraries' | 'packages'>
  /** Starts the framework if need be. */
  readonly ready: () => Promise<{
    dispatch(event: SchedulerInboxEvent): void
    readonly deliveryServer: Pick<DeliveryServer, 'ship'>
  }>
  /** Undefined before the framework is started. */
  readonly snapshot: () => SchedulerSnapshot | undefined
}

/** The libraries of one framework. `close` rejects the change under way, and all later ones. */
export function createLibraryChanges({
  emitter,
  settings,
  ready,
  snapshot,
}: LibraryChangesOptions): FrameworkLibraries & { close(reason: JarcastError): void } {
  const closed = createDeferred<never>()
  let waiting: (Deferred<LibrarySet> & { readonly setId: string }) | undefined
  let last: Promise<unknown> = Promise.resolve()

  emitter.on('libraries.changed', ({ set }) => {
    if (set.id === waiting?.setId) waiting.resolve(set)
  })
  emitter.on('libraries.rejected', (error) => waiting?.reject(error))

  function current(): LibrarySet | undefined {
    const known = snapshot()
    return known && currentSet(librariesOf(known))
  }

  async function changeNow(
    inputsOf: () => Promise<readonly LibraryInput[]>,
    changesOf: (libraries: readonly Library[]) => readonly LibraryChange[],
  ): Promise<LibrarySet> {
    const { dispatch, deliveryServer } = await ready()
    const inputs = await inputsOf()
    let changes: readonly LibraryChange[] = []
    let setId = ''
    await deliveryServer.ship(inputs, (staged) => {
      changes = changesOf(staged)
      const next = changes.reduce(changeSet, current() ?? { id: '', libraries: [] })
      setId = next.id
      return next
    })
    waiting = { ...createDeferred(), setId }
    const { promise } = waiting
    for (const change of changes) dispatch(change)
    return await promise
  }

  async function add(input: string | LibraryInput): Promise<LibrarySet> {
    const library = toInput(input)
    const resolve = async (): Promise<readonly LibraryInput[]> =>
      isCoordinate(library.path) ? await resolveNow(settings.packages, library, emitter) : [library]
    return await change(resolve, (staged) =>
      staged.map((each) => ({ type: 'library.added', library: each })),
    )
  }

  async function replace(name: string, input: string | LibraryInput): Promise<LibrarySet> {
    const library = toInput(input)
    if (isCoordinate(library.path))
      throw invalid('a coordinate may come to many libraries; add it, and remove what it replaces')
    return await change(
      async () => [library],
      (staged) => [{ type: 'library.replaced', name, library: only(staged) }],
    )
  }

  function change(...args: Parameters<typeof changeNow>): Promise<LibrarySet> {
    const done = last.then(async () => {
      assertChangeable(settings)
      return await Promise.race([changeNow(...args), closed.promise])
    })
    last = done.catch(() => undefined)
    return done
  }

  return {
    add,
    replace,
    remove: (name) =>
      change(
        async () => [],
        () => [{ type: 'library.removed', name }],
      ),
    get current() {
      return current()
    },
    list: () => inUse(snapshot()),
    close(reason) {
      closed.reject(reason)
    },
  }
}

function toInput(input: string | LibraryInput): LibraryInput {
  return typeof input === 'string' ? { path: input } : input
}

/** Not by the lock file: that is of the run's own coordinates, and of no other. */
async function resolveNow(
  { lockFile: _, isFrozen: __, ...packages }: PackageSettings,
  library: LibraryInput,
  emitter: EventEmitter<FrameworkEvents>,
): Promise<readonly LibraryInput[]> {
  const settings = { libraries: [library], packages, journal: undefined }
  return await withPackages(settings, emitter, undefined)
}

function inUse(snapshot: SchedulerSnapshot | undefined): readonly LibrarySetInUse[] {
  if (snapshot === undefined) return []
  const libraries = librariesOf(snapshot)
  const { setUses } = tasksOf(snapshot)
  return Array.from(valuesOf(libraries.sets), (set) => ({
    set,
    taskCount: getFrom(setUses, set.id) ?? 0,
    isCurrent: set.id === libraries.current,
  }))
}

function only([library]: readonly Library[]): Library {
  if (library === undefined) throw new TypeError('a library was to be staged')
  return library
}

function assertChangeable({
  delivery,
  executor,
  libraries,
}: LibraryChangesOptions['settings']): void {
  if (libraries.length === 0)
    throw invalid('the framework was started without libraries; start it with one at least')
  // The command of an executor names its libraries then, and Mesos refuses another command under a known executor id.
  if (delivery !== 'executor' || executor.script !== undefined)
    throw invalid(
      `libraries change while a framework runs only where jarcast's own executor brings them; set delivery to "executor", without a script`,
    )
}

function invalid(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message)
}
