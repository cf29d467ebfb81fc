import { describe, expect, it } from 'vitest'
import { checkFrameworkFlags } from '../../../src/cli/flags/check-flags.ts'

describe('checkFrameworkFlags', () => {
  it('refuses options of a local cluster elsewhere, and the other way round', () => {
    expect(() => checkFrameworkFlags({ master: 'm', agents: 2 })).toThrow('--agents')
    expect(() => checkFrameworkFlags({ master: 'local', detach: true })).toThrow('--detach')
    expect(() => checkFrameworkFlags({ master: 'local', agents: 2 })).not.toThrow()
    expect(() => checkFrameworkFlags({ master: 'local', user: 'no one else' })).toThrow('--user')
    expect(() => checkFrameworkFlags({ master: 'm', user: 'no one else' })).not.toThrow()
  })

  it.each([
    [{ bom: ['maven:g:a:1'] }, '--bom is for packages'],
    [{ requireChecksums: true, lib: ['a.mjs'] }, '--require-checksums is for packages'],
    [{ tlsCa: 'ca.pem' }, '--tls-ca is for masters that speak TLS'],
    [{ tlsServerName: 'a', master: 'h1:5050,http://h2' }, '--tls-server-name is for masters'],
  ])('refuses what would have no effect: %j', (flags, message) => {
    expect(() => checkFrameworkFlags({ master: 'm', ...flags })).toThrow(message)
  })

  it.each([
    { bom: ['maven:g:a:1'], package: ['maven:g:b:1'] },
    { lock: 'l.json', frozen: true },
    { repository: ['https://r'], runtime: ['jre=maven:g:jre:21'] },
    { tlsCa: 'ca.pem', master: 'https://h1' },
    { tlsCa: 'ca.pem', master: 'zk://h1/mesos' },
    { tlsCa: 'ca.pem', master: 'file:///etc/master' },
  ])('takes %j', (flags) => {
    expect(() => checkFrameworkFlags({ master: 'm', ...flags })).not.toThrow()
  })
})
