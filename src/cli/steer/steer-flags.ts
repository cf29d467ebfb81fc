/** Which run a command looks at, and what reaches its cluster. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { readCredentials } from '../../framework/options/credentials.ts'
import type { ClusterAccess } from '../../framework/control/run-views.ts'

export interface SteerFlags {
  readonly journal?: string
  readonly control?: string
  readonly framework?: string
  readonly master?: string
  readonly credentials?: string
  readonly principal?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly json?: boolean
  readonly verbose?: boolean
}

export function addSteerFlags(command: Command): Command {
  return command
    .optionsGroup('Which run:')
    .option('--journal <dir>', 'the run with this journal, also after its end')
    .option('--control <path>', 'the run that offers this control address')
    .option('--framework <name>', 'with --master: name or id of the framework')
    .addOption(
      new Option(
        '--master <url>',
        "a framework of this master, as the master knows it; with --journal, the run's master now",
      ).env('JARCAST_MASTER'),
    )
    .optionsGroup('Master and agents:')
    .option('--credentials <file>', "principal and secret, in Mesos' file format")
    .option('--principal <name>', 'which of the credentials to use')
    .option('--tls-ca <file>', 'CA certificates used to verify masters and agents (PEM)')
    .option('--tls-cert <file>', 'client certificate, with --tls-key (PEM)')
    .option('--tls-key <file>', 'private key of --tls-cert (PEM)')
    .optionsGroup('Options:')
    .option('--verbose', 'show the stack of an error')
}

/** Throws CONFIG_INVALID for credentials that cannot be read. */
export function toAccess(flags: SteerFlags): ClusterAccess {
  const { credentials, principal, tlsCa, tlsCert, tlsKey } = flags
  const tls = defined({ caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey })
  return defined({
    credentials: credentials === undefined ? undefined : readCredentials(credentials, principal),
    tls: Object.keys(tls).length === 0 ? undefined : tls,
  })
}
