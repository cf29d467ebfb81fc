import { X509Certificate, createPrivateKey } from 'node:crypto'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRunCertificate } from '../../../src/server/listener/run-certificate.ts'
import type { ServerTls } from '../../../src/server/listener/server-tls.ts'

const secret = Buffer.alloc(32, 7)

async function statusOf({ cert, key }: ServerTls, ca: string, servername?: string) {
  const server = createServer({ cert, key }, (_, res) => res.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return await new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, ca, agent: false, ...(servername && { servername }) }
    request(options, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .end()
  })
}

describe('createRunCertificate', () => {
  it.each(['10.0.0.5', '::1', '[2001:db8::1:2]', 'build.example.com'])('is for %s', (host) => {
    const { cert, key, ca } = createRunCertificate(secret, host)
    const [own, authority] = [new X509Certificate(cert), new X509Certificate(ca)]
    const plain = host.replace(/^\[(.*)\]$/, '$1')
    const found = /^[\d.:a-f]+$/.test(plain) ? own.checkIP(plain) : own.checkHost(plain)
    expect(found).toBe(plain)
    expect([own.ca, authority.ca]).toEqual([false, true])
    expect(own.checkIssued(authority)).toBe(true)
    expect(own.verify(authority.publicKey) && authority.verify(authority.publicKey)).toBe(true)
    expect(own.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(own.serialNumber).not.toBe(authority.serialNumber)
  })

  it('is trusted with the CA of an earlier process, not of another run', async () => {
    const first = createRunCertificate(secret, '127.0.0.1')
    const later = createRunCertificate(secret, '127.0.0.1')
    const other = createRunCertificate(Buffer.alloc(32, 8), '127.0.0.1')
    expect(await statusOf(later, first.ca)).toBe(200)
    expect(await statusOf(later, later.ca)).toBe(200)
    expect(await statusOf(later, other.ca)).not.toBe(200)
    expect(await statusOf(createRunCertificate(secret, '127.0.0.2'), later.ca)).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    )
  })
})
