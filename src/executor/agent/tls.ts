/**
 * TLS settings for the connection to the agent, from the variables that configure libprocess. An
 * operator sets them for all executors of an agent, or a framework for its own executors.
 * Source: apache/mesos docs/ssl.md, "Environment Variables".
 */
import { hostname } from 'node:os'
import { checkServerIdentity } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { defined } from '../../defined.ts'
import { readTls } from '../../client/http/tls.ts'
import type { TlsSettings } from '../../client/http/tls.ts'

type Environment = Readonly<NodeJS.ProcessEnv>

/** True if the agent uses TLS. */
export function hasTls(env: Environment): boolean {
  return isSet(env['LIBPROCESS_SSL_ENABLED'])
}

/**
 * Reads LIBPROCESS_SSL_CA_FILE, LIBPROCESS_SSL_CERT_FILE and LIBPROCESS_SSL_KEY_FILE. The agent's
 * certificate is verified if there is a CA file or LIBPROCESS_SSL_VERIFY_SERVER_CERT (or
 * VERIFY_CERT, REQUIRE_CERT) is set; otherwise, as in Mesos' own executors, it is not. It must name
 * the agent's address, or the name of this host: agents give executors an address, but certificates
 * often have names only.
 * Throws `CONFIG_INVALID` with the name of a file that cannot be used.
 */
export function readAgentTls(env: Environment): TlsSettings {
  const caFile = env['LIBPROCESS_SSL_CA_FILE']
  const certFile = env['LIBPROCESS_SSL_CERT_FILE']
  const keyFile = env['LIBPROCESS_SSL_KEY_FILE']
  const settings = readTls({
    ...defined({ caFile }),
    // Only as a pair: the variables may be those of the agent itself.
    ...(certFile !== undefined && keyFile !== undefined && { certFile, keyFile }),
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
