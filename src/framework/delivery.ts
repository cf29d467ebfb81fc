/** What a framework ships, and how an executor is told to fetch and start it. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchedFolder, libraryVariables } from '../domain/command.ts'
import type { Delivery, ExecutorPlan, FetchedLibraries } from '../domain/executors.ts'
import type { Library, LibraryKind } from '../domain/library.ts'
import { quoteWord } from '../domain/quote-word.ts'
import { JarcastError } from '../errors.ts'
import type { CommandInfo, CommandInfoURI } from '../mesos/types.generated.ts'
import type { ExecutorSettings, FrameworkSettings } from './options.ts'

type DeliverySettings = Pick<FrameworkSettings, 'delivery' | 'executor'>
type ExecutorDefaults = FrameworkSettings['executor']

/** Addresses of the running jar server that commands are made of. */
export interface ShippedLibraries {
  /** Of the program or script that Mesos' fetcher brings into the sandbox; absent where none is needed. */
  readonly programUri?: string
  /** In class-path order. */
  readonly libraries: readonly {
    readonly name: string
    readonly kind: LibraryKind
    readonly uri: string
  }[]
  readonly manifestUri: string
  readonly librarySetId: string
  /** The seed's form: every library's URI, separated by commas. */
  readonly seedUris: string
}

const bundleName = 'jarcast-executor.mjs'

/** Path of the program that agents run: the user's script, or jarcast's own executor. */
export function executorProgram({ script }: ExecutorSettings): string {
  if (script !== undefined) return script
  // Beside this file when built, in dist/ when this file runs as source.
  const places = [`../executor/${bundleName}`, `../../dist/executor/${bundleName}`]
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find(existsSync)
  if (found !== undefined) return found
  throw new JarcastError(
    'CONFIG_INVALID',
    `the executor's program ${bundleName} is not built; run npm run build`,
  )
}

/** What is shipped, beside the libraries, for tasks to be run at all. */
export function needsProgram({ delivery, executor }: DeliverySettings): boolean {
  return delivery === 'executor' || executor.script !== undefined
}

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
 * limits at all.
 * Throws `CONFIG_INVALID` naming the library.
 */
export function assertFetchable(libraries: readonly Pick<Library, 'name' | 'kind'>[]): void {
  const archive = libraries.find(({ kind }) => kind === 'archive')
  if (archive !== undefined) {
    const message = `library ${archive.name}: archives are unpacked by jarcast's executor; set delivery to "executor", or ship it as a plain file`
    throw new JarcastError('CONFIG_INVALID', message, { details: { library: archive.name } })
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
  const value =
    script === undefined
      ? `exec ${node} ${bundleName}`
      : `exec /bin/sh ${quoteWord(basename(script))} ${quoteWord(shipped.seedUris)}`
  return planOf(settings, value, [programUri(settings, shipped)], {})
}

/** A script that finds the libraries in its sandbox. */
function fetchingExecutor(
  settings: ExecutorDefaults,
  shipped: ShippedLibraries,
  fetched: FetchedLibraries,
): ExecutorPlan {
  const uris = [programUri(settings, shipped), ...fetched.uris]
  const value = `exec /bin/sh ${quoteWord(basename(settings.script ?? ''))}`
  return planOf(settings, value, uris, libraryVariables(fetched))
}

function planOf(
  { environment, resources, container }: ExecutorDefaults,
  value: string,
  uris: readonly CommandInfoURI[],
  added: Readonly<Record<string, string>>,
): ExecutorPlan {
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
  return { name: 'jarcast', command, resources, ...(container === undefined ? {} : { container }) }
}

function programUri({ script }: ExecutorDefaults, shipped: ShippedLibraries): CommandInfoURI {
  const outputFile = script === undefined ? bundleName : basename(script)
  return fetchedAs(shipped.programUri ?? '', outputFile)
}

function fetchedLibraries({ libraries }: ShippedLibraries): FetchedLibraries {
  const jars = libraries.filter(({ kind }) => kind === 'jar')
  return {
    uris: libraries.map(({ uri, name }) => fetchedAs(uri, `${fetchedFolder}/${name}`)),
    classPath: jars.map(({ name }) => `${fetchedFolder}/${name}`).join(':'),
  }
}

/** Addresses hold the digest of their bytes, which is what makes Mesos' cache safe to use: it never looks again. */
function fetchedAs(value: string, outputFile: string): CommandInfoURI {
  return { value, cache: true, extract: false, outputFile }
}
