/** What a framework ships, and how an executor is told to fetch and start it. */
import { basename } from 'node:path'
import { checkFiles } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import { fetchedFolder, libraryVariables } from '../../domain/tasks/command.ts'
import type { Delivery, ExecutorPlan, FetchedLibraries } from '../../domain/tasks/executors.ts'
import type { Library, LibraryKind } from '../../domain/libraries/library.ts'
import { quoteWord } from '../../domain/quote-word.ts'
import { JarcastError } from '../../errors.ts'
import type { CommandInfo, CommandInfoURI } from '../../mesos/types.generated.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { executorBundle } from './executor-program.ts'

type DeliverySettings = Pick<FrameworkSettings, 'delivery' | 'executor'>
type ExecutorDefaults = FrameworkSettings['executor']

/** Addresses of the running jar server that commands are made of. */
export interface ShippedLibraries {
  /** The program or script that Mesos' fetcher brings into the sandbox; absent where none is needed. */
  readonly program?: { readonly uri: string; readonly sha256: string }
  /** In class-path order. */
  readonly libraries: readonly {
    readonly name: string
    readonly kind: LibraryKind
    readonly sha256: string
    readonly uri: string
  }[]
  readonly manifestUri: string
  readonly librarySetId: string
  /** The seed's form: every library's URI, separated by commas. */
  readonly seedUris: string
  /** Changes with the permissions that executors' commands get when they are sent. */
  readonly permission: string
}

/** Linux limits an argument to 128 KiB, and the task's own command follows the check. */
const maxCheckBytes = 96 * 1024

/** How tasks are launched with what the jar server serves. */
export function deliveryOf(settings: DeliverySettings, shipped: ShippedLibraries): Delivery {
  const { delivery, executor } = settings
  if (delivery === 'executor') {
    const { librarySetId: id, manifestUri } = shipped
    return { executor: ownExecutor(executor, shipped), librarySet: { id, manifestUri } }
  }
  const fetched = fetchedLibraries(shipped)
  return executor.script === undefined
    ? { fetched }
    : { executor: fetchingExecutor(executor, shipped, fetched) }
}

/**
 * Refuses libraries whose names do not survive Mesos' fetcher or a class path, and archives, which it would unpack with no
 * limits at all, and more of them than one command can check.
 * Throws `CONFIG_INVALID` naming the library or the setting.
 */
export function assertFetchable(
  libraries: readonly Pick<Library, 'name' | 'kind' | 'sha256'>[],
): void {
  const archive = libraries.find(({ kind }) => kind === 'archive')
  if (archive !== undefined) {
    const message = `library ${archive.name}: archives are unpacked by jarcast's executor; set delivery to "executor", or ship it as a plain file`
    throw new JarcastError('CONFIG_INVALID', message, { details: { library: archive.name } })
  }
  const checkBytes = checkFiles({ libraries: libraries.map(fileOf) }).length
  if (checkBytes > maxCheckBytes) {
    const message = `${libraries.length} libraries are too many for a command that checks them all; set delivery to "executor"`
    throw new JarcastError('CONFIG_INVALID', message, { details: { setting: 'delivery' } })
  }
  const wrong = libraries.find(
    ({ name, kind }) => /['"\\]/.test(name) || (kind === 'jar' && name.includes(':')),
  )
  if (wrong === undefined) return
  const message = `library ${wrong.name}: its name has a character that Mesos' fetcher or a class path takes for its own; rename it, or set delivery to "executor"`
  throw new JarcastError('CONFIG_INVALID', message, { details: { library: wrong.name } })
}

function ownExecutor(settings: ExecutorDefaults, shipped: ShippedLibraries): ExecutorPlan {
  const { script, node } = settings
  const program = programOf(settings, shipped)
  const start =
    script === undefined
      ? `exec ${node} ${executorBundle}`
      : `exec /bin/sh ${quoteWord(program.path)} ${quoteWord(shipped.seedUris)}`
  const value = checkFiles({ programs: [program] }, node) + start
  return planOf(settings, shipped, value, [fetchedAs(program.uri, program.path)], {})
}

/** A script that finds the libraries in its sandbox. */
function fetchingExecutor(
  settings: ExecutorDefaults,
  shipped: ShippedLibraries,
  fetched: FetchedLibraries,
): ExecutorPlan {
  const program = programOf(settings, shipped)
  const uris = [fetchedAs(program.uri, program.path), ...fetched.uris]
  const check = checkFiles({ programs: [program], libraries: fetched.files }, settings.node)
  const value = `${check}exec /bin/sh ${quoteWord(program.path)}`
  return planOf(settings, shipped, value, uris, libraryVariables(fetched))
}

function planOf(
  settings: ExecutorDefaults,
  shipped: ShippedLibraries,
  value: string,
  uris: readonly CommandInfoURI[],
  added: Readonly<Record<string, string>>,
): ExecutorPlan {
  const { environment, resources, container, script } = settings
  const { path, sha256 } = programOf(settings, shipped)
  const variables = Object.entries({ ...added, ...environment }).map(([name, text]) => ({
    name,
    value: text,
  }))
  const command: CommandInfo = {
    uris,
    shell: true,
    value,
    ...(variables.length === 0 ? {} : { environment: { variables } }),
  }
  return {
    name: 'jarcast',
    program: { path, sha256 },
    // Permissions change only commands that contain addresses.
    ...(script === undefined ? {} : { permission: shipped.permission }),
    command,
    resources,
    ...(container === undefined ? {} : { container }),
  }
}

function programOf({ script }: ExecutorDefaults, { program }: ShippedLibraries) {
  if (program === undefined) throw new TypeError('no program was staged')
  return { ...program, path: script === undefined ? executorBundle : basename(script) }
}

function fetchedLibraries({ libraries }: ShippedLibraries): FetchedLibraries {
  const jars = libraries.filter(({ kind }) => kind === 'jar')
  return {
    uris: libraries.map((library) => fetchedAs(library.uri, fileOf(library).path)),
    files: libraries.map(fileOf),
    classPath: jars.map((jar) => fileOf(jar).path).join(':'),
  }
}

function fileOf({ name, sha256 }: Pick<Library, 'name' | 'sha256'>): FetchedFile {
  return { path: `${fetchedFolder}/${name}`, sha256 }
}

/** Addresses hold the digest of their bytes, which is what makes Mesos' cache safe to use: it never looks again. */
function fetchedAs(value: string, outputFile: string): CommandInfoURI {
  return { value, cache: true, extract: false, outputFile }
}
