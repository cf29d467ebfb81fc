import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import { createJarServer } from '../../server/jar-server.ts'
import type { JarServer } from '../../server/jar-server.ts'
import { createLibraryStore } from '../../server/libraries/library-store.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import { exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { collectTexts, toPort } from '../flags/option-values.ts'
import { jsonEvent } from '../output/json-event.ts'
import { packedFiles } from '../output/packed-files.ts'
import { onStopSignal } from '../process/stop-signals.ts'
import type { StopSignal } from '../process/stop-signals.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'

interface ServeFlags {
  readonly port: number
  readonly bind?: string
  readonly advertise?: string
  readonly open?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly allowHost?: readonly string[]
  readonly verbose?: boolean
}

const help = `
Copies the libraries, so that later changes of the files have no effect, and serves them. Once ready, it prints one line:
{"event":"serve","at":…,"url":…,"page":…,"manifest":…,"uris":"URI,URI","libraries":[{"name":…,"uri":…,"sha256":…, …}]},
see docs/schemas/servers.schema.json of the package.
Each URI is a secret that gives access to one file, for a year or until the program ends. With --open, everyone can fetch
the files at plain addresses.
SIGINT, SIGTERM or SIGHUP ends it once the current answers are sent, with status 0; before that line with 130, 143 or 129.

Examples:
  $ jarcast serve lib/*.jar --port 8080
  $ jarcast serve app.jar ./node_modules/eventemitter3 --advertise build.example.com`

/** Adds `jarcast serve`. Calls `done` with the exit status. */
export function addServeCommand(program: Command, done: (status: number) => void): void {
  program
    .command('serve')
    .summary('serve libraries without a framework')
    .description(
      'Serves jars, npm packages and files over HTTP, by digest, until a signal ends it.',
    )
    .argument('<paths...>', 'jars, npm packages (.tgz or folders) and plain files')
    .option('--port <port>', 'port to listen on; 0 for any free one', toPort, 0)
    .option('--bind <address>', 'address to listen on (default: all)')
    .option('--advertise <host>', 'host in the URIs (default: the bound one, or 127.0.0.1)')
    .option('--tls-cert <file>', 'serve https with this certificate, with --tls-key (PEM)')
    .option('--tls-key <file>', 'private key of --tls-cert (PEM)')
    .option('--open', 'allow everyone to fetch the libraries and see the status page')
    .option(
      '--allow-host <name>',
      'further host name that browsers may use for it; repeatable',
      collectTexts,
    )
    .option('--verbose', 'show the files of packed folders, and the stack of an error')
    .addHelpText('after', help)
    .action(async (paths: readonly string[], flags: ServeFlags) => {
      done(await withTemporaryFolder(() => serve(paths, flags)))
    })
}

async function serve(paths: readonly string[], flags: ServeFlags): Promise<number> {
  const stopping = new AbortController()
  let stoppedBy: StopSignal | undefined
  const stopped = new Promise<void>((resolve) => {
    onStopSignal((signal) => {
      stoppedBy = signal
      stopping.abort()
      resolve()
    })
  })
  const store = await createLibraryStore()
  try {
    const libraries = await store.stage(paths, {
      signal: stopping.signal,
      ...(flags.verbose === true
        ? { onPacked: (packed) => process.stderr.write(`${packedFiles(packed)}\n`) }
        : {}),
    })
    await serveStaged(libraries, flags, stopped)
    return exitStatuses.ok
  } catch (error) {
    if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
    throw error
  } finally {
    await store.remove()
  }
}

async function serveStaged(
  libraries: StagedLibraries,
  { port, bind, advertise, open, allowHost, tlsCert, tlsKey }: ServeFlags,
  stopped: Promise<void>,
): Promise<void> {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw configInvalid('tls', '--tls-cert and --tls-key need each other')
  const server = createJarServer({
    libraries,
    port,
    ...defined({
      bind,
      advertise,
      open,
      tls:
        tlsCert !== undefined && tlsKey !== undefined
          ? { certFile: tlsCert, keyFile: tlsKey }
          : undefined,
      allowHosts: allowHost,
    }),
  })
  try {
    await server.start()
    process.stdout.write(`${jsonEvent('serve', describeServer(server, libraries))}\n`)
    await stopped
  } finally {
    await server.close()
  }
}

function describeServer(server: JarServer, { set }: StagedLibraries) {
  return {
    url: server.url,
    page: server.pageUri,
    manifest: server.manifestUri,
    uris: server.seedUris(),
    libraries: set.libraries.map((library) => {
      const { name, sha256, sizeBytes, kind } = library
      return { name, uri: server.uriOf(name), sha256, sizeBytes, kind }
    }),
  }
}
