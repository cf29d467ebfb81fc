/** How tasks are launched: the commands of executors, with the addresses of their files. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { defined } from '../../defined.ts'
import { secretVariables } from '../../domain/tasks/container/task-secrets.ts'
import { checkFiles } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import { fetchedFolder, libraryVariables } from '../../domain/tasks/command.ts'
import type { Delivery, ExecutorPlan, FetchedLibraries } from '../../domain/tasks/executors.ts'
import { startNode } from '../../domain/tasks/start-node.ts'
import type { NodeBuild } from '../../domain/tasks/start-node.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import type { Library, LibraryKind } from '../../domain/libraries/library.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { quoteWord } from '../../domain/quote-word.ts'
import { JarcastError, configInvalid } from '../../errors.ts'
import type {
  CommandInfo,
  CommandInfoURI,
  EnvironmentVariable,
} from '../../mesos/types.generated.ts'
import type { StagedBlob } from '../../server/blobs/blob.ts'
import type { JarServer } from '../../server/jar-server.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { executorBundle } from './executor-program.ts'

type DeliverySettings = Pick<FrameworkSettings, 'delivery' | 'executor' | 'runtime'>
type ExecutorDefaults = FrameworkSettings['executor']

/** Addresses on the running jar server, for commands. */
export interface ShippedLibraries {
  /** The program or script that Mesos' fetcher puts into the sandbox; absent if none is needed. */
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
  /** Every Node.js that may be shipped. */
  readonly nodes: readonly NodeBuild[]
}

/** A Node.js on the jar server. */
export interface ServedNode {
  readonly platform: Platform
  readonly uri: string
  /** File name in the sandbox. */
  readonly archive: string
}

/** Linux limits an argument to 128 KiB; the rest is for the task's own command. */
const maxCheckBytes = 96 * 1024

/** How tasks are launched with the libraries of the jar server. */
export function deliveryOf(settings: DeliverySettings, shipped: ShippedLibraries): Delivery {
  const { delivery, executor } = settings
  if (delivery === 'executor') {
    const { librarySetId: id, manifestUri } = shipped
    return { executor: ownExecutor(settings, shipped), librarySet: { id, manifestUri } }
  }
  const fetched = fetchedLibraries(shipped)
  return executor.script === undefined
    ? { fetched }
    : { executor: fetchingExecutor(executor, shipped, fetched) }
}

/** The addresses of this set on a running jar server. */
export function shippedBy(
  server: JarServer,
  program: StagedBlob | undefined,
  { set: { id, libraries: list } }: StagedLibraries,
  nodes: readonly NodeBuild[],
): ShippedLibraries {
  // The journal has these addresses, so permissions are added only when a call is sent.
  const plainUri = (file: Pick<StagedBlob, 'name' | 'sha256'>): string =>
    withoutMac(server.uriOf(file))
  return {
    ...(program && { program: { uri: plainUri(program), sha256: program.sha256 } }),
    libraries: list.map(({ name, kind, sha256 }) => ({
      name,
      kind,
      sha256,
      uri: plainUri({ name, sha256 }),
    })),
    manifestUri: withoutMac(server.manifestUri ?? server.url),
    librarySetId: id,
    seedUris: withoutMac(server.seedUris()),
    permission: createHash('sha256').update(server.seedUris()).digest('hex').slice(0, 16),
    nodes,
  }
}

/**
 * Refuses libraries that Mesos' fetcher cannot deliver: names that it or a class path would break,
 * archives, which it would unpack without limits, and more libraries than one command can check.
 * Throws `CONFIG_INVALID` with the name of the library or the setting.
 */
export function assertFetchable(
  libraries: readonly Pick<Library, 'name' | 'kind' | 'sha256'>[],
): void {
  const archive = libraries.find(({ kind }) => kind === 'archive' || kind === 'jre')
  if (archive !== undefined) {
    const remedy = 'set delivery to "executor", or ship it as a plain file'
    const message = `library ${archive.name}: only jarcast's executor unpacks archives; ${remedy}`
    throw new JarcastError('CONFIG_INVALID', message, { details: { library: archive.name } })
  }
  const checkBytes = checkFiles({ libraries: libraries.map(fileOf) }).length
  if (checkBytes > maxCheckBytes) {
    const message = `${libraries.length} libraries are too many for a command that checks them all; set delivery to "executor"`
    throw configInvalid('delivery', message)
  }
  const wrong = libraries.find(
    ({ name, kind }) => /['"\\]/.test(name) || (kind === 'jar' && name.includes(':')),
  )
  if (wrong === undefined) return
  const remedy = 'rename it, or set delivery to "executor"'
  const message = `library ${wrong.name}: its name has a character with a meaning for Mesos' fetcher or a class path; ${remedy}`
  throw new JarcastError('CONFIG_INVALID', message, { details: { library: wrong.name } })
}

/**
 * The executor with jarcast's program or a user's script; with `brought`, its fetcher brings that
 * Node.js.
 */
export function ownExecutor(
  { executor: settings, runtime }: Pick<DeliverySettings, 'executor' | 'runtime'>,
  shipped: ShippedLibraries,
  brought?: ServedNode,
): ExecutorPlan {
  const { script, node } = settings
  const { nodes: builds } = shipped
  const program = programOf(settings, shipped)
  const usesOwn = runtime.node !== 'shipped'
  const start =
    script === undefined
      ? startNode(executorBundle, { node, usesOwn, builds, ...defined({ brought }) })
      : `exec /bin/sh ${quoteWord(program.path)} ${quoteWord(shipped.seedUris)}`
  const value = checkFiles({ programs: [program] }, node) + start
  const uris = [
    fetchedAs(program.uri, program.path),
    ...(brought === undefined ? [] : [fetchedAs(brought.uri, brought.archive)]),
  ]
  const asksFor = builds.map(({ platform }) => platform).filter((one) => one !== brought?.platform)
  const plan = planOf(settings, shipped, value, uris, {})
  return script === undefined && asksFor.length > 0 ? { ...plan, asksFor } : plan
}

/** A script with the libraries in its sandbox. */
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
  const { environment, secrets, resources, container, script } = settings
  const { path, sha256 } = programOf(settings, shipped)
  const named = Object.entries({ ...added, ...environment })
  const variables: readonly EnvironmentVariable[] = [
    ...named.map(([name, text]) => ({ name, value: text })),
    ...secretVariables(secrets),
  ]
  const command: CommandInfo = {
    uris,
    shell: true,
    value,
    ...defined({ environment: variables.length === 0 ? undefined : { variables } }),
  }
  return {
    name: 'jarcast',
    program: { path, sha256 },
    // Only a command that contains addresses changes with the permissions.
    ...defined({ permission: script === undefined ? undefined : shipped.permission }),
    command,
    resources,
    ...defined({ container }),
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

/** Mesos' cache never checks for changes: addresses contain the digest of the bytes. */
function fetchedAs(value: string, outputFile: string): CommandInfoURI {
  return { value, cache: true, extract: false, outputFile }
}
