import { join } from 'node:path'
import { hasTool } from '../../../scripts/support/machine.mjs'
import { runProgram } from '../processes/run-program.ts'

export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Makes a certificate for 127.0.0.1 and localhost that is its own CA, in `directory`; undefined without openssl. */
export function makeCertificate(directory: string): CertificateFiles | undefined {
  if (!hasTool('openssl')) return undefined
  const certFile = join(directory, 'cert.pem')
  const keyFile = join(directory, 'key.pem')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  const files = ['-keyout', keyFile, '-out', certFile, '-days', '2']
  runProgram('openssl', ['req', '-x509', ...key, ...names, ...files])
  return { certFile, keyFile }
}
