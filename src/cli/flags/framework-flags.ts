/** The options that `run` and `exec` share, and what they mean for the framework. */
import { userInfo } from 'node:os'
import { Option } from 'commander'
import type { Command } from 'commander'
import { resolve } from 'node:path'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import { quoteWord } from '../../domain/quote-word.ts'
import { JarcastError, withoutUserinfo } from '../../errors.ts'
import type {
  ConflictPolicy,
  DeliveryMode,
  FrameworkOptions,
} from '../../framework/options/options.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { collectTexts, toAmount, toCount, toPort } from './option-values.ts'
import { addPackageFlags, toPackageSettings } from './package-flags.ts'
import type { PackageFlags } from './package-flags.ts'
import { addTaskFlags } from './task-flags.ts'
import type { TaskFlags } from './task-flags.ts'

export interface FrameworkFlags extends PackageFlags, TaskFlags {
  readonly master: string
  readonly jar?: readonly string[]
  readonly lib?: readonly string[]
  readonly archive?: readonly string[]
  readonly conflicts?: ConflictPolicy
  readonly name?: string
  readonly role?: string
  readonly user?: string
  /** Seconds. */
  readonly timeout?: number
  readonly json?: boolean
  readonly detach?: boolean
  readonly journal?: string
  readonly bind?: string
  readonly advertise?: string
  readonly jarServerPort?: number
  readonly maxStreams?: number
  readonly egress?: number
  readonly open?: boolean
  readonly allowHost?: readonly string[]
  readonly pageLink?: string
  readonly jarServerTls?: boolean
  readonly jarServerCert?: string
  readonly jarServerKey?: string
  readonly jarServerCa?: string
  /** False with --no-relay. */
  readonly relay?: boolean
  readonly delivery?: DeliveryMode
  readonly executorScript?: string
  readonly node?: string
  readonly codec?: 'json' | 'protobuf'
  readonly credentials?: string
  readonly principal?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsServerName?: string
  readonly agents?: number
  readonly workDir?: string
  readonly verbose?: boolean
}

/** Adds the options to `command`. */
export function addFrameworkFlags(command: Command): Command {
  const common = command
    .addOption(
      new Option(
        '--master <url>',
        'http://HOST:PORT of a master, several with commas; zk://HOST:PORT,HOST:PORT/PATH; file:///PATH of a file with ' +
          'either; or "local"',
      ).env('JARCAST_MASTER'),
    )
    .option('--jar <path...>', 'jars to ship, in class-path order')
    .option(
      '--lib <path...>',
      'other libraries to ship: npm packages (.tgz, or a folder: what npm pack packs), plain files',
    )
    .option(
      '--archive <path...>',
      'archives to unpack for tasks, into $JARCAST_LIBRARIES/NAME: .tar, .tar.gz, .tgz, .zip',
    )
    .addOption(
      new Option(
        '--conflicts <policy>',
        'when jars conflict on the class path: warn, fail before anything runs, or ignore (default: warn)',
      ).choices(['warn', 'fail', 'ignore']),
    )
  return addTaskFlags(addPackageFlags(common))
    .option('--name <name>', 'name of the framework (default: "jarcast")')
    .option('--role <role>', 'role that offers are asked for (default: "*")')
    .option('--user <user>', 'user that tasks run as (default: yours)')
    .option('--timeout <seconds>', 'how long to try to reach a master (default: 60)', toAmount)
    .option('--json', 'print one JSON object per event and nothing else')
    .option('--journal <dir>', 'keep the run in this folder; the same command goes on with it')
    .option('--detach', 'leave the framework registered at the end')
    .option(
      '--bind <address>',
      'address that the jar server listens on (default: all; with --master local 127.0.0.1)',
    )
    .option('--advertise <host>', 'host that executors reach the jar server at')
    .option('--jar-server-port <port>', 'port of the jar server (default: any free one)', toPort)
    .option('--max-streams <count>', 'libraries sent at a time (default: 128)', toCount(1))
    .option('--egress <mb>', 'MB of libraries sent per second, to all together', toAmount)
    .option('--open', 'let everybody fetch the libraries and see the status page')
    .option(
      '--allow-host <name>',
      'other host names that browsers may use for the jar server; repeatable',
      collectTexts,
    )
    .option('--page-link <file>', 'write the link of the status page, a secret, to this file')
    .option('--jar-server-tls', 'the jar server speaks https, with a certificate that it makes')
    .option('--jar-server-cert <file>', 'with --jar-server-key: https with this certificate (PEM)')
    .option('--jar-server-key <file>', 'key of that certificate (PEM)')
    .option(
      '--jar-server-ca <file>',
      'CA certificate used to verify that certificate (default: itself)',
    )
    .option('--no-relay', 'executors do not pass large libraries on to each other')
    .addOption(
      new Option(
        '--delivery <who>',
        "who brings libraries to the tasks: jarcast's executor, or Mesos' fetcher to plain commands (default: executor)",
      ).choices(['executor', 'fetcher']),
    )
    .option(
      '--executor-script <path>',
      "run as /bin/sh SCRIPT URI,URI in place of jarcast's executor",
    )
    .option('--node <command>', 'command that runs Node.js on the agents (default: "node")')
    .addOption(
      new Option('--codec <codec>', 'of calls and events (default: "protobuf")').choices([
        'protobuf',
        'json',
      ]),
    )
    .option('--credentials <file>', 'principal and secret for the masters, as Mesos has them')
    .option('--principal <name>', 'which one of the credentials; or, without, only shown by Mesos')
    .option('--tls-ca <file>', 'certificates that masters must come from (PEM)')
    .option('--tls-cert <file>', 'with --tls-key: certificate to show to masters (PEM)')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--tls-server-name <name>', "name in the masters' certificates (default: their host)")
    .option('--agents <number>', 'with --master local: how many agents (default: 1)', toCount(1))
    .option('--work-dir <path>', 'with --master local: keep the sandboxes below this folder')
    .option(
      '--verbose',
      'show which files of a --lib folder ship, and where in the program an error came from',
    )
}

/** Refuses options that contradict each other or are missing. Throws `CONFIG_INVALID`. */
export function checkFrameworkFlags(flags: FrameworkFlags): void {
  // Commander would complain of it before it looks at options that do not exist.
  if ((flags.master as string | undefined) === undefined) {
    throw invalid('--master is missing: give the URL of a master, or "local"')
  }
  const isLocal = isLocalMaster(flags)
  if (!isLocal && (flags.agents !== undefined || flags.workDir !== undefined)) {
    throw invalid('--agents and --work-dir are for --master local; a real cluster has its own')
  }
  if (isLocal && flags.detach === true) {
    throw invalid('--detach needs a master that stays; "local" ends with this program')
  }
  if (isLocal) refuseOtherUser(flags)
  refuseUseless(flags)
}

/** The cluster in this process runs all tasks as the user of this process. */
function refuseOtherUser({ user }: FrameworkFlags): void {
  let own
  try {
    own = userInfo().username
  } catch {
    // Without a name of its own, a framework needs one to display.
  }
  if (user === undefined || own === undefined || user === own) return
  throw invalid(`--user ${user} has no effect: with --master local, tasks run as you (${own})`)
}

/** An option without effect is treated as a mistake. */
function refuseUseless(flags: FrameworkFlags): void {
  const { jar = [], lib = [], package: packages = [], master } = flags
  const forPackages = packageOnlyFlags.find((flag) => flags[flag] !== undefined)
  if (forPackages !== undefined && ![...jar, ...lib, ...packages].some(isCoordinate))
    throw invalid(`${nameOf(forPackages)} is for packages: name one with --package`)
  const forTls = tlsFlags.find((flag) => flags[flag] !== undefined)
  if (forTls !== undefined && !/(?:^|,)\s*(?:https|zk|file):/i.test(master))
    throw invalid(`${nameOf(forTls)} is for masters that speak TLS: write https:// in --master`)
}

const packageOnlyFlags = [
  'bom',
  'exclude',
  'overrides',
  'lock',
  'frozen',
  'update',
  'offline',
  'repository',
  'mavenSettings',
  'requireChecksums',
] as const

const tlsFlags = ['tlsCa', 'tlsCert', 'tlsKey', 'tlsServerName'] as const

function nameOf(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** True for a cluster in this process. */
export function isLocalMaster({ master }: Pick<FrameworkFlags, 'master'>): boolean {
  return master === 'local'
}

/** The address without user and password, to be shown. */
export function describeMaster(master: string): string {
  // In a zk:// address, even the password may contain a comma.
  if (/^\s*zk:/i.test(master)) return withoutUserinfo(master)
  return master.split(',').map(withoutUserinfo).join(',')
}

/** What `--jar`, `--lib`, `--archive` and `--package` name, without the same file twice. */
export function librariesOf(flags: FrameworkFlags): readonly LibraryInput[] {
  const { jar = [], lib = [], archive = [], package: packages = [] } = flags
  return [
    ...jar.map((path) => ({ path, kind: 'jar' as const })),
    ...archive.map((path) => ({ path, kind: 'archive' as const })),
    ...[...lib, ...packages].map((path) => ({ path })),
  ]
}

/** Adds `more` to `libraries`, but for files that are among them already. */
export function mergeLibraries(
  libraries: readonly LibraryInput[],
  more: readonly LibraryInput[],
): readonly LibraryInput[] {
  const merged = new Map(libraries.map((library) => [resolve(library.path), library]))
  for (const library of more) {
    if (!merged.has(resolve(library.path))) merged.set(resolve(library.path), library)
  }
  return [...merged.values()]
}

/** The framework's options, on the master at `master`. */
export function toFrameworkOptions(
  flags: FrameworkFlags,
  master: string,
  libraries: readonly LibraryInput[],
): FrameworkOptions {
  const { name, role, user, timeout, bind, advertise, jarServerPort: port, executorScript } = flags
  const { maxStreams, egress } = flags
  // The agents of a local cluster are this machine: they have the very Node that runs this.
  const isLocal = isLocalMaster(flags)
  const node = flags.node ?? (isLocal ? quoteWord(process.execPath) : undefined)
  const listenOn = bind ?? (isLocal ? '127.0.0.1' : undefined)
  const packages = toPackageSettings(flags)
  return {
    master,
    libraries,
    ...(Object.keys(packages).length === 0 ? {} : { packages }),
    ...(flags.conflicts === undefined ? {} : { conflicts: flags.conflicts }),
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(user === undefined ? {} : { user }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(flags.journal === undefined ? {} : { journal: flags.journal }),
    // Mesos keeps agents with GPUs for frameworks that ask for them.
    ...(flags.gpus === undefined ? {} : { capabilities: ['GPU_RESOURCES'] }),
    ...(flags.delivery === undefined ? {} : { delivery: flags.delivery }),
    jarServer: {
      ...(listenOn === undefined ? {} : { bind: listenOn }),
      ...(advertise === undefined ? {} : { advertise }),
      ...(port === undefined ? {} : { port }),
      ...(maxStreams === undefined ? {} : { maxStreams }),
      ...(egress === undefined ? {} : { egressBytesPerSecond: egress * 1_000_000 }),
      ...(flags.relay === false ? { relay: false } : {}),
      ...(flags.open === true ? { open: true } : {}),
      ...jarServerTls(flags),
      ...(flags.allowHost === undefined ? {} : { allowHosts: flags.allowHost }),
    },
    executor: {
      ...(node === undefined ? {} : { node }),
      ...(executorScript === undefined ? {} : { script: executorScript }),
    },
    ...toAccess(flags),
  }
}

function jarServerTls(flags: FrameworkFlags): FrameworkOptions['jarServer'] {
  const { jarServerCert, jarServerKey, jarServerCa, jarServerTls: isOwn } = flags
  if (isOwn === true && jarServerCert === undefined && jarServerKey === undefined)
    return { tls: 'auto' }
  if (jarServerCert === undefined && jarServerKey === undefined) {
    if (jarServerCa !== undefined)
      throw invalid('--jar-server-ca needs --jar-server-cert and --jar-server-key')
    return {}
  }
  if (jarServerCert === undefined || jarServerKey === undefined)
    throw invalid('--jar-server-cert and --jar-server-key need each other')
  const ca = jarServerCa === undefined ? {} : { caFile: jarServerCa }
  return { tls: { certFile: jarServerCert, keyFile: jarServerKey, ...ca } }
}

/** How masters are spoken with. Secrets are named by their files: the command line is anybody's to read. */
function toAccess(flags: FrameworkFlags): Partial<FrameworkOptions> {
  const { codec, credentials, principal, tlsCa, tlsCert, tlsKey, tlsServerName } = flags
  const tls = {
    ...(tlsCa === undefined ? {} : { caFile: tlsCa }),
    ...(tlsCert === undefined ? {} : { certFile: tlsCert }),
    ...(tlsKey === undefined ? {} : { keyFile: tlsKey }),
    ...(tlsServerName === undefined ? {} : { serverName: tlsServerName }),
  }
  return {
    ...(codec === undefined ? {} : { codec }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(principal === undefined ? {} : { principal }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
  }
}

function invalid(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message)
}
