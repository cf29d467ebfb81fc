/** One bounded request to an endpoint for operators, of a master or an agent. */
import * as http from 'node:http'
import * as https from 'node:https'
import { JarcastError, messageOf } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import { basicAuthorization } from '../http/credentials.ts'
import type { Credentials } from '../http/credentials.ts'
import { toPlainLine } from '../http/plain-line.ts'
import { readTls, tlsHint } from '../http/tls.ts'
import type { TlsOptions } from '../http/tls.ts'

export interface OperatorAccess {
  /** HTTP basic authentication. A secret. */
  readonly credentials?: Credentials | undefined
  /** For https. */
  readonly tls?: TlsOptions | undefined
}

export interface OperatorRequest {
  readonly url: string
  /** With a body, the request is a POST of protobuf. */
  readonly body?: Uint8Array
  /** Longer answers are refused. */
  readonly maxBytes: number
}

export interface OperatorAnswer {
  readonly status: number
  readonly body: Buffer
  /** Where it redirects to, if it does. */
  readonly location: string | undefined
  /** The `Date` header. */
  readonly date: string | undefined
}

export interface OperatorClient {
  /**
   * Resolves with the answer of any status. Rejects with the client's code (retryable) if there is
   * no answer in time, or if it is too large.
   */
  send(request: OperatorRequest): Promise<OperatorAnswer>
  close(): void
}

/** For the whole answer. */
const timeoutMs = 20_000
const maxSockets = 4

/** Keeps connections open between requests; they do not keep the process alive. */
export function createOperatorClient(
  { credentials, tls }: OperatorAccess,
  code: ErrorCode,
): OperatorClient {
  const options = { keepAlive: true, maxSockets }
  const agents = {
    'http:': new http.Agent(options),
    'https:': new https.Agent({ ...options, ...(tls === undefined ? {} : readTls(tls)) }),
  }
  const authorization = credentials && basicAuthorization(credentials)
  const failed = (url: string, reason: string, cause?: unknown) =>
    new JarcastError(code, `${new URL(url).host} ${reason}`, { cause, retryable: true })

  function send({ url, body, maxBytes }: OperatorRequest): Promise<OperatorAnswer> {
    const { request } = url.startsWith('https:') ? https : http
    const headers = {
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(body === undefined ? {} : protobufHeaders(body)),
    }
    return new Promise((resolve, reject) => {
      const agent = agents[url.startsWith('https:') ? 'https:' : 'http:']
      const outgoing = request(url, { method: body === undefined ? 'GET' : 'POST', agent, headers })
      const end = (reason: string): void => {
        reject(failed(url, reason))
        outgoing.destroy()
      }
      const late = () => end(`does not answer within ${timeoutMs / 1000} s`)
      const timer = setTimeout(late, timeoutMs)
      outgoing.on('close', () => clearTimeout(timer))
      outgoing.on('error', (error) => {
        reject(failed(url, `does not answer: ${describe(error)}`, error))
      })
      outgoing.on('response', (answer) => {
        const chunks: Uint8Array[] = []
        let bytes = 0
        answer.on('data', (chunk: Uint8Array) => {
          chunks.push(chunk)
          bytes += chunk.length
          if (bytes > maxBytes) end('answers with too many bytes')
        })
        answer.on('error', (error) => reject(failed(url, `broke off: ${describe(error)}`, error)))
        answer.on('end', () => {
          const { statusCode: status = 0 } = answer
          const { location, date } = answer.headers
          resolve({ status, body: Buffer.concat(chunks), location, date })
        })
      })
      outgoing.end(body)
    })
  }

  return {
    send,
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** The error for an answer that is not 200. */
export function refusalOf(url: string, { status, body }: OperatorAnswer): JarcastError {
  const { host } = new URL(url)
  if (status === 401) {
    const remedy = 'it requires credentials, or others than these: give them with --credentials'
    return new JarcastError('CREDENTIALS_REJECTED', `${host}: ${remedy}`)
  }
  const reason = toPlainLine(body.toString('utf8'))
  const text = `${host} answers with HTTP ${status}${reason === '' ? '' : `: ${reason}`}`
  const isForbidden = status === 403
  return new JarcastError(isForbidden ? 'NOT_PERMITTED' : 'CALL_REJECTED', text, {
    details: { status },
    retryable: status >= 500,
  })
}

function protobufHeaders(body: Uint8Array): Readonly<Record<string, string>> {
  const type = 'application/x-protobuf'
  return { 'Content-Type': type, Accept: type, 'Content-Length': String(body.length) }
}

function describe(error: Error): string {
  return tlsHint((error as NodeJS.ErrnoException).code) ?? messageOf(error)
}
