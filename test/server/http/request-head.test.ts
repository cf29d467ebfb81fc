import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../../src/server/http/request-head.ts'

function head(hosts: readonly string[], httpVersionMajor = 1): IncomingMessage {
  return {
    httpVersionMajor,
    headers: { host: hosts[0] },
    rawHeaders: hosts.flatMap((host) => ['Host', host]),
  } as unknown as IncomingMessage
}

describe('refusalOf', () => {
  it.each(['a', 'a.example:8080', '127.0.0.1:1', '[::1]:80', '', 'my_host'])(
    'lets Host %j pass',
    (host) => {
      expect(refusalOf(head([host]))).toBeUndefined()
    },
  )

  it.each(['a b', 'a/c', 'a b/c', 'a:b', '[::1', 'a@b', 'a\tb'])('refuses Host %j', (host) => {
    expect(refusalOf(head([host]))).toBe(400)
  })

  it('refuses two hosts, even equal ones', () => {
    expect(refusalOf(head(['a', 'a']))).toBe(400)
  })

  it('refuses another major version', () => {
    expect(refusalOf(head(['a'], 2))).toBe(505)
  })
})
