/** The libraries of a running framework, as its user sees and changes them. */
import { defer, filter, map } from 'rxjs'
import type { Observable } from 'rxjs'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { getFrom, valuesOf } from '../../domain/persistent-map.ts'
import { JarcastError } from '../../errors.ts'
import { changeSet, currentSet } from '../../machines/scheduler/delivery/set-table.ts'
import type { LibraryChange } from '../../machines/scheduler/delivery/set-table.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { firstResult } from '../../streams/first-result.ts'
import type { FrameworkFact, ReportProgress } from '../facts/events.ts'
import type { PackageSettings } from '../options/options.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { librariesOf, tasksOf } from '../state/selectors.ts'
import type { DeliveryServer } from './delivery-server.ts'
import { withPackages } from './package-libraries.ts'

/** A set that new tasks get, or that some tasks still have. */
export interface LibrarySetInUse {
  readonly set: LibrarySet
  /** Number of tasks with this set that have not ended. */
  readonly taskCount: number
  readonly isCurrent: boolean
}

/**
 * Changes are made one after another, and each starts the framework if needed. They resolve with
 * the set of tasks that are submitted from now on; tasks submitted before keep their set, in all
 * their attempts. Executors fetch the libraries that their host does not have.
 * Errors of all changes: those of staging; `CONFIG_INVALID` for a framework that was started
 * without libraries, or whose libraries are not fetched by jarcast's own executor;
 * `FRAMEWORK_STOPPED`.
 */
export interface FrameworkLibraries {
  /**
   * Adds a library at the end of the class path; for a coordinate, the package and all that it
   * needs, resolved without the lock file. Errors: `CONFIG_INVALID` if the set has another library
   * of the same name; those of `resolvePackages`.
   */
  add(library: string | LibraryInput): Promise<LibrarySet>
  /**
   * Puts a library in the place of the one of this name. Errors: `LIBRARY_NOT_FOUND` if there is
   * none; `CONFIG_INVALID` for a coordinate.
   */
  replace(name: string, library: string | LibraryInput): Promise<LibrarySet>
  /** Errors: `LIBRARY_NOT_FOUND`. */
  remove(name: string): Promise<LibrarySet>
  /** Undefined before the libraries are staged, and without any. */
  readonly current: LibrarySet | undefined
  /** The current set, and older sets that tasks still have. */
  list(): readonly LibrarySetInUse[]
}

export interface LibraryChangesOptions {
  /** Errors at the end of the run. */
  readonly run$: Observable<FrameworkFact>
  readonly report: ReportProgress
  readonly settings: Pick<FrameworkSettings, 'delivery' | 'executor' | 'libraries' | 'packages'>
  /** Starts the framework if needed. */
  readonly ready: () => Promise<{
    dispatch(event: SchedulerInboxEvent): void
    readonly deliveryServer: Pick<DeliveryServer, 'ship'>
  }>
  /** Undefined before the framework is started. */
  readonly snapshot: () => SchedulerSnapshot | undefined
}

export function createLibraryChanges(options: LibraryChangesOptions): FrameworkLibraries {
  const { settings, snapshot, report } = options
  const change = createChange(options)
  return {
    async add(input) {
      const library = toInput(input)
      const inputs = async (): Promise<readonly LibraryInput[]> =>
        isCoordinate(library.path) ? await resolve(settings.packages, library, report) : [library]
      return await change(inputs, (staged) =>
        staged.map((each) => ({ type: 'library.added', library: each })),
      )
    },
    async replace(name, input) {
      const library = toInput(input)
      if (isCoordinate(library.path)) {
        const remedy = 'add the coordinate, and remove the library that it replaces'
        throw unchangeable(`a coordinate may stand for many libraries; ${remedy}`)
      }
      return await change(
        async () => [library],
        (staged) => [{ type: 'library.replaced', name, library: only(staged) }],
      )
    },
    remove: (name) =>
      change(
        async () => [],
        () => [{ type: 'library.removed', name }],
      ),
    get current() {
      return currentIn(snapshot())
    },
    list: () => setsInUse(snapshot()),
  }
}

type Change = (
  inputsOf: () => Promise<readonly LibraryInput[]>,
  changesOf: (staged: readonly Library[]) => readonly LibraryChange[],
) => Promise<LibrarySet>

/** Makes one change at a time. */
function createChange({ run$, settings, ready, snapshot }: LibraryChangesOptions): Change {
  let last: Promise<unknown> = Promise.resolve()

  const changeNow: Change = async (inputsOf, changesOf) => {
    const { dispatch, deliveryServer } = await ready()
    const inputs = await inputsOf()
    let changes: readonly LibraryChange[] = []
    let setId = ''
    await deliveryServer.ship(inputs, (staged) => {
      changes = changesOf(staged)
      const next = changes.reduce(changeSet, currentIn(snapshot()) ?? { id: '', libraries: [] })
      setId = next.id
      return next
    })
    return await firstResult(outcomeOf(run$, setId), async () => {
      for (const change of changes) dispatch(change)
    })
  }

  return (...change) => {
    const done = last.then(() => {
      assertChangeable(settings)
      // The end of the run also ends a change that is being staged.
      return firstResult(
        defer(() => changeNow(...change)),
        () => run$,
      )
    })
    last = done.catch(() => undefined)
    return done
  }
}

/** The set with this id once it is current; errors if the machine rejects the change. */
function outcomeOf(run$: Observable<FrameworkFact>, setId: string): Observable<LibrarySet> {
  return run$.pipe(
    map((fact) => {
      if (fact.type === 'libraries.rejected') throw fact.error
      return fact.type === 'libraries.changed' && fact.set.id === setId ? fact.set : undefined
    }),
    filter((set) => set !== undefined),
  )
}

function currentIn(snapshot: SchedulerSnapshot | undefined): LibrarySet | undefined {
  return snapshot && currentSet(librariesOf(snapshot))
}

function setsInUse(snapshot: SchedulerSnapshot | undefined): readonly LibrarySetInUse[] {
  if (snapshot === undefined) return []
  const { sets, current } = librariesOf(snapshot)
  const { setUses } = tasksOf(snapshot)
  return Array.from(valuesOf(sets), (set) => ({
    set,
    taskCount: getFrom(setUses, set.id) ?? 0,
    isCurrent: set.id === current,
  }))
}

function toInput(input: string | LibraryInput): LibraryInput {
  return typeof input === 'string' ? { path: input } : input
}

/** Without the lock file, which is for the coordinates that the run was started with. */
async function resolve(
  { lockFile: _, isFrozen: __, ...packages }: PackageSettings,
  library: LibraryInput,
  report: ReportProgress,
): Promise<readonly LibraryInput[]> {
  const settings = { libraries: [library], packages, journal: undefined }
  return await withPackages(settings, report, undefined)
}

function only([library]: readonly Library[]): Library {
  if (library === undefined) throw new TypeError('no library was staged')
  return library
}

function assertChangeable({
  delivery,
  executor,
  libraries,
}: LibraryChangesOptions['settings']): void {
  if (libraries.length === 0) {
    const remedy = 'start the framework with at least one, or by running a function'
    throw unchangeable(`libraries cannot be added to a framework without libraries; ${remedy}`)
  }
  // Otherwise the executor's command names its libraries, and Mesos refuses to change a command.
  if (delivery !== 'executor' || executor.script !== undefined) {
    const remedy = 'set delivery to "executor", without a script'
    throw unchangeable(`only jarcast's own executor can fetch changed libraries; ${remedy}`)
  }
}

function unchangeable(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message)
}
