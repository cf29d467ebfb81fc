/** Where the jar server listens, who may fetch from it, how fast, and its TLS. */
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { FrameworkOptions } from '../../framework/options/options.ts'
import { collectTexts, toAmount, toCount, toPort } from './option-values.ts'

export interface JarServerFlags {
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
}

type JarServerOptions = NonNullable<FrameworkOptions['jarServer']>

/** Adds the options to `command`. */
export function addJarServerFlags(command: Command): Command {
  return command
    .optionsGroup('Jar server:')
    .option(
      '--bind <address>',
      'address to listen on (default: all; 127.0.0.1 with --master local)',
    )
    .option('--advertise <host>', 'host in the addresses that executors get (default: detected)')
    .option('--jar-server-port <port>', 'port to listen on (default: any free one)', toPort)
    .option(
      '--max-streams <count>',
      'how many libraries to send at the same time (default: 128)',
      toCount(1),
    )
    .option('--egress <mb>', 'limit in MB per second for all downloads together', toAmount)
    .option('--open', 'allow everyone to fetch the libraries and see the status page')
    .option(
      '--allow-host <name>',
      'further host name that browsers may use for it; repeatable',
      collectTexts,
    )
    .option('--page-link <file>', 'write the link to the status page, a secret, to this file')
    .option('--jar-server-tls', 'serve https with a certificate made at the start')
    .option('--jar-server-cert <file>', 'serve https with this certificate (PEM)')
    .option('--jar-server-key <file>', 'private key of --jar-server-cert (PEM)')
    .option(
      '--jar-server-ca <file>',
      'CA certificate used to verify --jar-server-cert (default: the certificate itself)',
    )
    .option('--no-relay', 'executors fetch from the jar server only, not from each other')
}

/**
 * `defaultBind` is the address to listen on without `--bind`. Throws `CONFIG_INVALID` for a
 * certificate without its key, or a key without its certificate.
 */
export function toJarServerOptions(
  flags: JarServerFlags,
  defaultBind: string | undefined,
): JarServerOptions {
  const { advertise, allowHost, bind = defaultBind, egress, jarServerPort, maxStreams } = flags
  return defined({
    bind,
    advertise,
    port: jarServerPort,
    maxStreams,
    egressBytesPerSecond: egress === undefined ? undefined : egress * 1_000_000,
    relay: flags.relay === false ? false : undefined,
    open: flags.open === true ? true : undefined,
    tls: tlsOf(flags),
    allowHosts: allowHost,
  })
}

function tlsOf(flags: JarServerFlags): JarServerOptions['tls'] {
  const { jarServerCert: certFile, jarServerKey: keyFile, jarServerCa: caFile } = flags
  if (certFile !== undefined && keyFile !== undefined) {
    return { certFile, keyFile, ...defined({ caFile }) }
  }
  if (certFile !== undefined || keyFile !== undefined) {
    const message = '--jar-server-cert and --jar-server-key need each other'
    throw configInvalid('jarServer.tls', message)
  }
  if (flags.jarServerTls === true) return 'auto'
  if (caFile === undefined) return undefined
  const message = '--jar-server-ca needs --jar-server-cert and --jar-server-key'
  throw configInvalid('jarServer.tls', message)
}
