import { join } from 'node:path'
import type { Command } from 'commander'
import { JarcastError } from '../../errors.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { LocalClusterOptions } from '../../local/options/cluster-options.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { describeAccess, toAccessOptions, type LocalAccessFlags } from './access.ts'
import { startOwnCluster } from './own-cluster.ts'
import { collectTexts, toCount, toPort } from '../flags/option-values.ts'
import { requestStop, untilStopSignal } from '../process/stop-signals.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { hasTerminal, startTerminalRepl } from './terminal-repl.ts'

interface LocalFlags extends LocalAccessFlags {
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
Speaks the v1 HTTP APIs of Mesos 1.12 to any framework and starts real executor processes. Once ready, it prints one
line: {"url":…,"masters":[{"url":…}],"control":…,"agents":[{"id":…,"hostname":…,"url":…,"sandboxes":…}]}.
SIGINT, SIGTERM or SIGHUP ends it, and every executor.
It takes commands that kill, cut off, restart or slow down its parts: in a terminal (try help), and over HTTP at the
address of "control", which GET /commands describes.
Tasks run as you. Without --credentials every user of this machine may start some, and it listens on 127.0.0.1 only;
beyond that it asks for --credentials, or for --open.
Web pages may ask nothing, unless --allow-origin or --jsonp lets them.

Examples:
  $ jarcast local --agents 2 --port 5050
  $ jarcast local --masters 3 --control-port 5055
  $ curl -X POST http://127.0.0.1:5055/agents/agent-1/kill
  $ jarcast exec --master http://127.0.0.1:5050 -- 'echo hello'`

/** Adds `jarcast local`. Calls `done` with the exit status. */
export function addLocalCommand(program: Command, done: (status: number) => void): void {
  program
    .command('local')
    .summary('a Mesos cluster in one process, for any framework')
    .description('Runs a Mesos master and agents in one process, until it is told to stop.')
    .option(
      '--agents <number>',
      'how many agents (default: 1, or 0 with simulated ones)',
      toCount(0),
    )
    .option('--simulated-agents <number>', 'agents whose tasks only seem to run', toCount(0))
    .option('--simulated-task-ms <ms>', 'how long they seem to (default: 1000)', toCount(0))
    .option('--masters <number>', 'how many masters, of which one leads', toCount(1), 1)
    .option('--control-port <port>', 'port for commands over HTTP; 0 for any', toPort, 0)
    .option('--port <port>', 'port of the first master; 0 for any free one', toPort, 5050)
    .option('--bind <address>', 'address that master and agents listen on', '127.0.0.1')
    .option('--work-dir <path>', 'keep the sandboxes below this folder (default: a temporary one)')
    .option('--credentials <file>', 'schedulers, operators and commands must use one of these')
    .option('--open', 'require no credentials, even on other addresses than 127.0.0.1')
    .option('--authenticate-executors', 'executors must show the token of their environment')
    .option('--no-authenticate-executors', 'with --credentials: executors need no token')
    .option(
      '--allow-host <name>',
      'other host names that clients may use; repeatable',
      collectTexts,
    )
    .option(
      '--allow-origin <origin>',
      'allow web pages of this origin (CORS); repeatable',
      collectTexts,
    )
    .option('--jsonp', 'let web pages of any origin read GET answers (jsonp=NAME)')
    .option('--tls-cert <file>', 'with --tls-key: speak HTTPS with this certificate (PEM)')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--tls-ca <file>', 'certificates that executors shall trust (PEM)')
    .option('--verbose', 'show where in the program an error came from')
    .addHelpText('after', help)
    .action(async (flags: LocalFlags) => {
      done(await withTemporaryFolder(() => runCluster(flags)))
    })
}

async function runCluster(flags: LocalFlags): Promise<number> {
  const stopped = untilStopSignal()
  const clusterOptions = toClusterOptions(flags)
  const cluster = await startOwnCluster(clusterOptions).catch((cause: unknown) => {
    throw portError(cause)
  })
  process.stderr.write(describeAccess(flags))
  process.stdout.write(`${JSON.stringify(describeCluster(cluster))}\n`)
  const repl = hasTerminal()
    ? startTerminalRepl({ control: cluster.control, onExit: requestStop })
    : undefined
  await stopped
  repl?.close()
  await cluster.close()
  return exitStatuses.ok
}

function toClusterOptions(flags: LocalFlags): LocalClusterOptions {
  const { agents, bind, controlPort, masters, port } = flags
  const { simulatedAgents, simulatedTaskMs, tlsCa, tlsCert, tlsKey, workDir } = flags
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new JarcastError('CONFIG_INVALID', '--tls-cert and --tls-key need each other')
  }
  const ca = tlsCa === undefined ? {} : { caFile: tlsCa }
  return {
    ...(agents === undefined ? {} : { agents }),
    ...(simulatedAgents === undefined ? {} : { simulatedAgents }),
    ...(simulatedTaskMs === undefined ? {} : { simulatedTaskMs }),
    masters,
    port,
    controlPort,
    host: bind,
    ...(workDir === undefined ? {} : { workDir }),
    ...toAccessOptions(flags),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { certFile: tlsCert, keyFile: tlsKey, ...ca } }),
  }
}

/**
 * The cluster rejects with the system's own errors; a port that is taken is put right on the
 * command line.
 */
function portError(cause: unknown): unknown {
  const { code, message, port } = cause as NodeJS.ErrnoException & { port?: number }
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return cause
  const remedy = 'give others with --port, --control-port and --bind (port 0 takes any free one)'
  return new JarcastError('CONFIG_INVALID', `port ${port}: ${message}; ${remedy}`, { cause })
}

function describeCluster({ agents, controlUrl, masters, url }: LocalCluster) {
  return {
    url,
    masters,
    control: controlUrl,
    agents: agents.map(({ id, hostname, url, workDir }) => {
      return { id, hostname, url, sandboxes: join(workDir, 'slaves', id, 'frameworks') }
    }),
  }
}
