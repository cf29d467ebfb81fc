import { join } from 'node:path'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { LocalClusterOptions } from '../../local/options/cluster-options.ts'
import type { InspectorServer } from '../../inspector/server/inspector-server.ts'
import { addPageFlags, toPageOptions } from '../flags/inspect-flags.ts'
import type { InspectFlags } from '../flags/inspect-flags.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { describeAccess, toAccessOptions, type LocalAccessFlags } from './access.ts'
import { startOwnCluster } from './own-cluster.ts'
import { collectTexts, toCount, toPort } from '../flags/option-values.ts'
import { jsonEvent } from '../output/json-event.ts'
import { requestStop, untilStopSignal } from '../process/stop-signals.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { hasTerminal, startTerminalRepl } from './terminal-repl.ts'

interface LocalFlags extends LocalAccessFlags, InspectFlags {
  readonly agents?: number
  readonly simulatedAgents?: number
  readonly simulatedTaskMs?: number
  readonly masters: number
  readonly controlPort: number
  readonly port: number
  readonly workDir?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsCa?: string
}

const help = `
Offers the v1 HTTP APIs of Mesos 1.12 to any framework and starts real executor processes. Once ready, it prints one
line: {"event":"local","at":…,"url":…,"masters":[{"url":…}],"control":…,"agents":[{"hostname":…,"url":…,"sandboxes":…, …}]},
see docs/schemas/servers.schema.json of the package.
SIGINT, SIGTERM or SIGHUP ends it and all executors.
Commands kill, cut off, restart and slow down its parts: in the terminal (see help), or over HTTP at the address of
"control" (see GET /commands there).
Tasks run as you. Without --credentials, every user of this machine may start tasks, and it listens on 127.0.0.1 only;
any other --bind needs --credentials or --open.
With --inspect it also opens a page for frameworks and other XState programs that send their frames to it; its address is
"inspector" in that line. A framework of "jarcast run" has a page of its own with --inspect.
Web pages of other sites get no answer without --allow-origin or --jsonp.

Examples:
  $ jarcast local --agents 2 --port 5050
  $ jarcast local --masters 3 --control-port 5055
  $ curl -X POST http://127.0.0.1:5055/agents/agent-1/kill
  $ jarcast exec --master http://127.0.0.1:5050 -- 'echo hello'`

/** Adds `jarcast local`. Calls `done` with the exit status. */
export function addLocalCommand(program: Command, done: (status: number) => void): void {
  const command = program
    .command('local')
    .summary('run a Mesos cluster in one process, for any framework')
    .description('Runs a Mesos master and agents in one process, until a signal ends it.')
    .option(
      '--agents <number>',
      'number of agents (default: 1, or 0 with --simulated-agents)',
      toCount(0),
    )
    .option(
      '--simulated-agents <number>',
      'number of agents that only simulate their tasks',
      toCount(0),
    )
    .option('--simulated-task-ms <ms>', 'duration of simulated tasks (default: 1000)', toCount(0))
    .option('--masters <number>', 'number of masters; one leads', toCount(1), 1)
    .option('--control-port <port>', 'port for commands over HTTP; 0 for any free one', toPort, 0)
    .option('--port <port>', 'port of the first master; 0 for any free one', toPort, 5050)
    .option('--bind <address>', 'address that master and agents listen on', '127.0.0.1')
    .option('--work-dir <path>', 'keep the sandboxes in this folder (default: a temporary one)')
    .option('--credentials <file>', 'credentials that schedulers, operators and commands must use')
    .option('--open', 'require no credentials, also on other addresses than 127.0.0.1')
    .option('--authenticate-executors', 'executors must send the token of their environment')
    .option('--no-authenticate-executors', 'executors need no token, even with --credentials')
    .option(
      '--allow-host <name>',
      'further host name that clients may use; repeatable',
      collectTexts,
    )
    .option(
      '--allow-origin <origin>',
      'allow web pages of this origin (CORS); repeatable',
      collectTexts,
    )
    .option('--jsonp', 'allow web pages of any origin to read GET answers (jsonp=NAME)')
    .option('--tls-cert <file>', 'serve https with this certificate, with --tls-key (PEM)')
    .option('--tls-key <file>', 'private key of --tls-cert (PEM)')
    .option('--tls-ca <file>', 'CA certificates that executors use to verify it (PEM)')
  addPageFlags(command)
    .optionsGroup('Options:')
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (flags: LocalFlags) => {
      done(await withTemporaryFolder(() => runCluster(flags)))
    })
}

async function runCluster(flags: LocalFlags): Promise<number> {
  const stopped = untilStopSignal()
  const clusterOptions = toClusterOptions(flags)
  const inspector = await openPage(flags)
  const cluster = await startOwnCluster(clusterOptions).catch((cause: unknown) => {
    throw portError(cause)
  })
  process.stderr.write(describeAccess(flags))
  process.stdout.write(`${jsonEvent('local', describeCluster(cluster, inspector))}\n`)
  const repl = hasTerminal()
    ? startTerminalRepl({ control: cluster.control, onExit: requestStop })
    : undefined
  await stopped
  repl?.close()
  await cluster.close()
  await inspector?.close()
  return exitStatuses.ok
}

/** The page for frameworks and other programs that send it frames: the cluster itself has none. */
async function openPage(flags: LocalFlags): Promise<InspectorServer | undefined> {
  const options = toPageOptions(flags)
  if (options === undefined) return undefined
  const { openLocalPage } = await import('./local-page.ts')
  return await openLocalPage(options)
}

function toClusterOptions(flags: LocalFlags): LocalClusterOptions {
  const { agents, bind, controlPort, masters, port } = flags
  const { simulatedAgents, simulatedTaskMs, tlsCa, tlsCert, tlsKey, workDir } = flags
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw configInvalid('tls', '--tls-cert and --tls-key need each other')
  }
  const tls =
    tlsCert === undefined || tlsKey === undefined
      ? undefined
      : { certFile: tlsCert, keyFile: tlsKey, ...defined({ caFile: tlsCa }) }
  return {
    ...defined({ agents, simulatedAgents, simulatedTaskMs, workDir, tls }),
    masters,
    port,
    controlPort,
    host: bind,
    ...toAccessOptions(flags),
  }
}

/** Turns the system's error of a port in use into one that names the options. */
function portError(cause: unknown): unknown {
  const { code, message, port } = cause as NodeJS.ErrnoException & { port?: number }
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return cause
  const remedy = 'give others with --port, --control-port and --bind (port 0 takes any free one)'
  return configInvalid('port', `port ${port}: ${message}; ${remedy}`, cause)
}

function describeCluster(
  { agents, controlUrl, masters, url }: LocalCluster,
  inspector: InspectorServer | undefined,
) {
  return {
    url,
    masters,
    control: controlUrl,
    agents: agents.map(({ id, hostname, url, workDir }) => {
      return { id, hostname, url, sandboxes: join(workDir, 'slaves', id, 'frameworks') }
    }),
    ...defined({ inspector: inspector?.url }),
  }
}
