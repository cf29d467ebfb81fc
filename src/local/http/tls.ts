/**
 * HTTPS for master and agents.
 * Source: apache/mesos docs/ssl.md (LIBPROCESS_SSL_ENABLED, LIBPROCESS_SSL_CERT_FILE,
 * LIBPROCESS_SSL_KEY_FILE).
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { defined } from '../../defined.ts'
import { configInvalid, messageOf } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'

export interface TlsOptions {
  /** PEM file of the certificate with its chain. */
  readonly certFile: string
  /** PEM file of its private key. */
  readonly keyFile: string
  /**
   * PEM file of CA certificates for executors, in their variable LIBPROCESS_SSL_CA_FILE. Default:
   * the system's.
   */
  readonly caFile?: string
}

export interface TlsMaterial {
  readonly cert: Buffer
  readonly key: Buffer
  /** Variables of executors, so that they speak TLS to their agent. */
  readonly executorVariables: Readonly<Record<string, string>>
}

/** Throws CONFIG_INVALID for unreadable files, or a key of another certificate. */
export function readTls({ caFile, certFile, keyFile }: TlsOptions): TlsMaterial {
  const cert = readPem('certificate', certFile)
  const key = readPem('key', keyFile)
  if (caFile !== undefined) readPem('CA', caFile)
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw invalidTls(`certificate ${certFile} and key ${keyFile} cannot be used together`, cause)
  }
  const ca = defined({ LIBPROCESS_SSL_CA_FILE: caFile && resolve(caFile) })
  return { cert, key, executorVariables: { LIBPROCESS_SSL_ENABLED: '1', ...ca } }
}

function readPem(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw invalidTls(`${name} ${file} cannot be read`, cause)
  }
}

function invalidTls(message: string, cause: unknown): JarcastError {
  return configInvalid('tls', `tls: ${message}: ${messageOf(cause)}`, cause)
}
