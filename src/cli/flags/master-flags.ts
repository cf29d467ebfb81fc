/** The master of a run: its address, credentials and TLS; or a local cluster. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { withoutUserinfo } from '../../errors.ts'
import type { FrameworkOptions } from '../../framework/options/options.ts'
import { toAmount, toCount } from './option-values.ts'

export interface MasterFlags {
  readonly master: string
  /** Seconds. */
  readonly timeout?: number
  readonly codec?: 'json' | 'protobuf'
  readonly credentials?: string
  readonly principal?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsServerName?: string
  readonly agents?: number
  readonly workDir?: string
}

/** Adds the options to `command`. */
export function addMasterFlags(command: Command): Command {
  return command
    .optionsGroup('Master:')
    .option(
      '--master <url>',
      'http://HOST:PORT (several: with commas between), zk://HOST:PORT,HOST:PORT/PATH, ' +
        'file:///PATH of a file that holds either, or "local"',
    )
    .option('--timeout <seconds>', 'how long to try to reach a master (default: 60)', toAmount)
    .addOption(
      new Option('--codec <codec>', 'encoding of calls and events (default: "protobuf")').choices([
        'protobuf',
        'json',
      ]),
    )
    .option('--credentials <file>', "principal and secret for the masters, in Mesos' file format")
    .option(
      '--principal <name>',
      'which of the credentials to use; without --credentials, a name that Mesos only displays',
    )
    .option('--tls-ca <file>', 'CA certificates used to verify masters (PEM)')
    .option('--tls-cert <file>', 'client certificate for masters, with --tls-key (PEM)')
    .option('--tls-key <file>', 'private key of --tls-cert (PEM)')
    .option(
      '--tls-server-name <name>',
      "name expected in the masters' certificates (default: their host)",
    )
    .optionsGroup('With --master local:')
    .option('--agents <number>', 'number of agents (default: 1)', toCount(1))
    .option('--work-dir <path>', 'keep the sandboxes in this folder')
}

/** True for a cluster in this process. */
export function isLocalMaster({ master }: Pick<MasterFlags, 'master'>): boolean {
  return master === 'local'
}

/** The address without user and password, to be shown. */
export function describeMaster(master: string): string {
  // In a zk:// address, even the password may contain a comma.
  if (/^\s*zk:/i.test(master)) return withoutUserinfo(master)
  return master.split(',').map(withoutUserinfo).join(',')
}

/** Secrets are named by their files: every user of the machine can read a command line. */
export function toMasterOptions(flags: MasterFlags): Partial<FrameworkOptions> {
  const { codec, credentials, principal, timeout, tlsCa, tlsCert, tlsKey, tlsServerName } = flags
  const tls = defined({
    caFile: tlsCa,
    certFile: tlsCert,
    keyFile: tlsKey,
    serverName: tlsServerName,
  })
  return defined({
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    codec,
    credentials,
    principal,
    tls: Object.keys(tls).length === 0 ? undefined : tls,
  })
}
