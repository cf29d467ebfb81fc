/** Certificate and key of a jar server. */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { configInvalid, messageOf } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'

/** Paths of PEM files. */
export interface ServerTlsFiles {
  /** Certificate for the advertised host, with the intermediate certificates. */
  readonly certFile: string
  /** Private key, without a passphrase. */
  readonly keyFile: string
  /** CA certificate that executors verify it with. Default: the certificate itself. */
  readonly caFile?: string
}

/** The contents of the files, PEM. */
export interface ServerTls {
  readonly cert: string
  /** A secret. */
  readonly key: string
  readonly ca: string
}

/**
 * Reads the files. Throws `CONFIG_INVALID`, which names the setting and the file, and nothing of
 * the key.
 */
export function readServerTls({ certFile, keyFile, caFile = certFile }: ServerTlsFiles): ServerTls {
  const [cert, key, ca] = [
    read('certFile', certFile),
    read('keyFile', keyFile),
    read('caFile', caFile),
  ]
  const certificate = parse('certFile', certFile, () => new X509Certificate(cert))
  parse('caFile', caFile, () => new X509Certificate(ca))
  const privateKey = parse('keyFile', keyFile, () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey))
    throw invalidFile('keyFile', keyFile, `is not the key of the certificate in ${certFile}`)
  return { cert, key, ca }
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalidFile(setting, path, messageOf(cause))
  }
}

function parse<T>(setting: string, path: string, make: () => T): T {
  try {
    return make()
  } catch {
    const what = setting === 'keyFile' ? 'key without a passphrase' : 'certificate'
    throw invalidFile(setting, path, `has no ${what} in PEM`)
  }
}

function invalidFile(setting: string, path: string, why: string): JarcastError {
  return configInvalid(setting, `the jar server's ${setting} ${path}: ${why}`)
}
