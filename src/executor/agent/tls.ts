/**
 * How an executor speaks TLS with its agent: told by the variables that configure libprocess, which an operator sets
 * for all executors of an agent, and a framework for its own.
 * Source: apache/mesos docs/ssl.md, "Environment Variables".
 */
import { hostname } from 'node:os'
import { checkServerIdentity } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { readTls } from '../../client/http/tls.ts'
import type { TlsSettings } from '../../client/http/tls.ts'

type Environment = Readonly<NodeJS.ProcessEnv>

/** True where the agent speaks TLS. */
export function hasTls(env: Environment): boolean {
  return isSet(env['LIBPROCESS_SSL_ENABLED'])
}

/**
 * Reads LIBPROCESS_SSL_CA_FILE, LIBPROCESS_SSL_CERT_FILE and LIBPROCESS_SSL_KEY_FILE. The agent's certificate is checked
 * when there is a CA file or LIBPROCESS_SSL_VERIFY_SERVER_CERT (or VERIFY_CERT, REQUIRE_CERT) is set; otherwise, as with
 * Mesos' own executors, any is taken. It must name the agent's address, or the host that both run on: agents tell
 * executors addresses, and certificates hold names.
 * Throws `CONFIG_INVALID` naming a file that cannot be used.
 */
export function readAgentTls(env: Environment): TlsSettings {
  const caFile = env['LIBPROCESS_SSL_CA_FILE']
  const certFile = env['LIBPROCESS_SSL_CERT_FILE']
  const keyFile = env['LIBPROCESS_SSL_KEY_FILE']
  const settings = readTls({
    ...(caFile === undefined ? {} : { caFile }),
    // An agent's variables name its own files, which the user of its executors may well not read.
    ...(certFile === undefined || keyFile === undefined ? {} : { certFile, keyFile }),
  })
  const isVerified =
    caFile !== undefined ||
    ['VERIFY_SERVER_CERT', 'VERIFY_CERT', 'REQUIRE_CERT'].some((name) =>
      isSet(env[`LIBPROCESS_SSL_${name}`]),
    )
  return isVerified
    ? { ...settings, checkServerIdentity: checkAgentIdentity }
    : { ...settings, rejectUnauthorized: false }
}

function checkAgentIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const problem = checkServerIdentity(host, certificate)
  return problem === undefined || checkServerIdentity(hostname(), certificate) === undefined
    ? undefined
    : problem
}

function isSet(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}
