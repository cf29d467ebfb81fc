import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { PeerCertificate, SecureContext } from 'node:tls'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'

/** Paths of PEM files, and the expected name of the server. */
export interface TlsOptions {
  /** CA certificates used to verify servers. Default: those of Node. */
  readonly caFile?: string
  /** Client certificate, with its intermediate certificates. Default: none. */
  readonly certFile?: string
  /** Private key of `certFile`, without a passphrase. */
  readonly keyFile?: string
  /** Name that servers' certificates must have. Default: the host of the server's address. */
  readonly serverName?: string
}

/** Options of a connection, as Node takes them. */
export interface TlsSettings {
  readonly secureContext?: SecureContext
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined
}

/**
 * Reads the files. Errors: `CONFIG_INVALID`, which names the setting and the file, and nothing of
 * the key.
 */
export function readTls(options: TlsOptions): TlsSettings {
  const { caFile, certFile, keyFile, serverName } = options
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [given, missing] = certFile === undefined ? ['key', 'cert'] : ['cert', 'key']
    throw invalidTls(`${missing}File`, `is missing: ${given}File needs it`)
  }
  const ca = caFile === undefined ? undefined : readFile('caFile', caFile)
  const cert = certFile === undefined ? undefined : readFile('certFile', certFile)
  const key = keyFile === undefined ? undefined : readFile('keyFile', keyFile)
  if (ca !== undefined) checkCertificate('caFile', caFile, ca)
  if (cert !== undefined) checkCertificate('certFile', certFile, cert)
  return {
    secureContext: toContext({ ca, cert, key }, keyFile),
    ...defined({ servername: serverName }),
  }
}

/** Remedy for a failed handshake by its error code; undefined for other codes. */
export function tlsHint(code: string | undefined): string | undefined {
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'CERT_SIGNATURE_FAILURE':
      return 'the CA of its certificate is not trusted: set caFile (--tls-ca)'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate has other names: connect to one of them, or set serverName (--tls-server-name)'
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
      return 'it requires a client certificate: set certFile and keyFile (--tls-cert, --tls-key)'
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return 'it does not speak TLS on this port; try http://'
    default:
      return undefined
  }
}

function readFile(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw invalidTls(setting, `cannot be read: ${(cause as Error).message}`)
  }
}

/** OpenSSL reads a file without certificates as an empty list, which then trusts no server. */
function checkCertificate(setting: string, path: string | undefined, pem: Buffer): void {
  try {
    void new X509Certificate(pem)
  } catch {
    throw invalidTls(setting, `${path ?? ''} has no certificate in PEM`)
  }
}

function toContext(
  pems: Readonly<Record<'ca' | 'cert' | 'key', Buffer | undefined>>,
  keyFile: string | undefined,
): SecureContext {
  try {
    return createSecureContext(pems)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it cannot be read'
    const remedy = 'it must be a PEM key without passphrase, and belong to certFile'
    throw invalidTls('keyFile', `${keyFile ?? ''} cannot be used (${why}): ${remedy}`)
  }
}

function invalidTls(setting: string, why: string): JarcastError {
  return configInvalid(`tls.${setting}`, `tls.${setting} ${why}`)
}
