import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../src/server/http/exchange.ts'
import { createTraffic } from '../../src/server/traffic.ts'

const record = (remoteAddress: string | undefined, name?: string, isAborted = false) =>
  ({
    method: 'GET',
    path: '/',
    status: 200,
    sentBytes: 0,
    isAborted,
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(name !== undefined && { name, sha256: 'aa' }),
  }) satisfies RequestRecord

describe('createTraffic', () => {
  it('counts bytes as they go and requests when they are over', () => {
    const traffic = createTraffic()
    traffic.addBytes(7, record('10.0.0.1', 'a.jar'))
    traffic.addBytes(5, record('10.0.0.1', 'a.jar'))
    expect(traffic.totals()).toEqual({ requests: 0, bytesServed: 12, aborted: 0 })
    traffic.addRequest(record('10.0.0.1', 'a.jar', true))
    expect(traffic.totals()).toEqual({ requests: 1, bytesServed: 12, aborted: 1 })
    expect(traffic.ofBlob('aa', 'a.jar')).toEqual({ requests: 1, bytesServed: 12, hostBytes: [12] })
    expect(traffic.ofBlob('aa', 'b.jar')).toEqual({ requests: 0, bytesServed: 0, hostBytes: [] })
  })

  it('counts the first hosts one by one, and the others together', () => {
    const traffic = createTraffic({ maxNamedHosts: 2 })
    for (const host of ['::ffff:10.0.0.1', 'fd00::2', '10.0.0.3', '10.0.0.1']) {
      traffic.addRequest(record(host))
    }
    traffic.addBytes(3, record('fd00::2', 'a.jar'))
    traffic.addBytes(4, record('10.0.0.3', 'a.jar'))
    expect(traffic.namedHosts()).toEqual([
      { address: '10.0.0.1', requests: 2, bytesServed: 0 },
      { address: 'fd00::2', requests: 1, bytesServed: 3 },
    ])
    expect(traffic.otherHosts()).toEqual({ requests: 1, bytesServed: 4, hosts: 1, isMore: false })
    expect(traffic.ofBlob('aa', 'a.jar').hostBytes).toEqual([0, 3])
  })

  it('counts every byte, but hosts only up to its limit', () => {
    const traffic = createTraffic({ maxHosts: 3, maxNamedHosts: 1 })
    for (let host = 0; host < 100; host += 1) traffic.addBytes(1, record(`10.0.0.${host}`))
    expect(traffic.otherHosts()).toEqual({ requests: 0, bytesServed: 99, hosts: 2, isMore: true })
    expect(traffic.totals().bytesServed).toBe(100)
  })

  it('makes no counter for a path that was not found', () => {
    const traffic = createTraffic()
    traffic.addRequest(record(undefined))
    expect(traffic.totals().requests).toBe(1)
    expect(traffic.namedHosts()).toEqual([{ address: 'unknown', requests: 1, bytesServed: 0 }])
  })
})
