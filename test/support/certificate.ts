import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Makes a certificate for 127.0.0.1 and localhost that is its own CA, in `directory`; undefined without openssl. */
export function makeCertificate(directory: string): CertificateFiles | undefined {
  const certFile = join(directory, 'cert.pem')
  const keyFile = join(directory, 'key.pem')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  const files = ['-keyout', keyFile, '-out', certFile, '-days', '2']
  const made = spawnSync('openssl', ['req', '-x509', ...key, ...names, ...files])
  if (made.status === 0) return { certFile, keyFile }
  console.log('skipped: needs openssl (apt-get install openssl)')
  return undefined
}
