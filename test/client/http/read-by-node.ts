import { request } from 'node:http'
import { Duplex } from 'node:stream'

/** What node:http makes of the first answer in `text`; undefined if it refuses it. */
export function readByNode(
  text: string,
): Promise<{ status: number; body: string; isComplete: boolean } | undefined> {
  let isAnswered = false
  const connection = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      done()
      if (isAnswered) return
      isAnswered = true
      this.push(Buffer.from(text, 'latin1'))
      this.push(null)
    },
  })
  return new Promise((resolve) => {
    const outgoing = request({ createConnection: () => connection, method: 'POST' })
    outgoing.on('error', () => resolve(undefined))
    outgoing.on('response', (answer) => {
      let body = ''
      answer.setEncoding('latin1')
      answer.on('data', (piece: string) => (body += piece))
      answer.on('error', () => resolve(undefined))
      answer.on('close', () => {
        resolve({ status: answer.statusCode ?? 0, body, isComplete: answer.complete })
      })
    })
    outgoing.end('x')
  })
}
