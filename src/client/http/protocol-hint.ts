import { connect } from 'node:tls'
import { isIP } from 'node:net'

/** Time for a server to show that it speaks TLS, ms. */
const probeMs = 2000

/**
 * Returns what is wrong with `url`, given the error of a plain HTTP request; undefined if unknown.
 * If the server closed the connection, checks whether it speaks TLS. Never rejects.
 */
export async function protocolHint(
  url: URL,
  error: unknown,
  server = 'a master',
): Promise<string | undefined> {
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException
  const isHttp = url.protocol === 'http:'
  if (!isHttp || !(code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_'))) return
  if (await speaksTls(url)) return `it speaks TLS: write https://${url.host}`
  const end = url.port === '2181' ? `; is it ZooKeeper? Then write zk://${url.host}/PATH` : ''
  if (code.startsWith('HPE_')) return `the server on this port does not speak HTTP${end}`
  const question = end === '' ? `; is it the port of ${server}?` : end
  return `it closed the connection without an answer${question}`
}

function speaksTls({ hostname, port }: URL): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    // Nothing is sent, so the certificate does not matter.
    const socket = connect({
      host,
      port: Number(port === '' ? 80 : port),
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    })
    const finish = (answer: boolean) => {
      resolve(answer)
      socket.destroy()
    }
    socket.setTimeout(probeMs, () => finish(false))
    socket.once('secureConnect', () => finish(true))
    // An alert is TLS too: the server may require a certificate.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      finish(
        code?.startsWith('ERR_SSL_') === true &&
          code !== 'ERR_SSL_WRONG_VERSION_NUMBER' &&
          code !== 'ERR_SSL_PACKET_LENGTH_TOO_LONG',
      )
    })
    socket.once('close', () => resolve(false))
  })
}
