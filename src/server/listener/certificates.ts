/** The certificate of a jar server: read from files, or made for the advertised host. */
import { createRunCertificate } from './run-certificate.ts'
import { readServerTls } from './server-tls.ts'
import type { ServerTls, ServerTlsFiles } from './server-tls.ts'

export interface Certificates {
  /** The certificate for a host. */
  certify(host: string): ServerTls
  /** CA certificate (PEM); undefined until there is a certificate. */
  authority(): string | undefined
}

/**
 * Reads the files at once, or with `auto`, makes a certificate signed by an authority derived from
 * the secret. Throws `CONFIG_INVALID` for unusable files.
 */
export function createCertificates(tls: ServerTlsFiles | 'auto', secret: Buffer): Certificates {
  const files = tls === 'auto' ? undefined : readServerTls(tls)
  let certificate = files
  return {
    certify(host) {
      certificate = files ?? createRunCertificate(secret, host)
      return certificate
    },
    authority: () => certificate?.ca,
  }
}
