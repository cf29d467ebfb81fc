import { describe, expect, it } from 'vitest'
import {
  checkFrameworkFlags,
  describeMaster,
  librariesOf,
  mergeLibraries,
  toFrameworkOptions,
} from '../../../src/cli/flags/framework-flags.ts'

describe('toFrameworkOptions', () => {
  it('sets nothing that was not asked for', () => {
    expect(toFrameworkOptions({ master: 'm:5050' }, 'm:5050', [])).toEqual({
      master: 'm:5050',
      libraries: [],
      jarServer: {},
      executor: {},
    })
  })

  it('translates units and names', () => {
    const flags = {
      master: 'm:5050',
      timeout: 1.5,
      advertise: 'h',
      jarServerPort: 80,
      maxStreams: 4,
      egress: 12.5,
      executorScript: 'run.sh',
      node: '/opt/node',
      gpus: 1,
      codec: 'json',
      credentials: 'me.json',
      tlsCa: 'ca.pem',
      tlsServerName: 'master',
    } as const
    expect(toFrameworkOptions(flags, 'm:5050', [])).toMatchObject({
      timeoutMs: 1500,
      capabilities: ['GPU_RESOURCES'],
      jarServer: {
        advertise: 'h',
        port: 80,
        maxStreams: 4,
        egressBytesPerSecond: 12_500_000,
      },
      executor: { script: 'run.sh', node: '/opt/node' },
      codec: 'json',
      credentials: 'me.json',
      tls: { caFile: 'ca.pem', serverName: 'master' },
    })
  })

  it('runs local executors with the Node of this process', () => {
    const { executor } = toFrameworkOptions({ master: 'local' }, 'http://127.0.0.1:1', [])
    expect(executor?.node).toContain(process.execPath)
  })

  it('listens where only local executors can reach it, unless told otherwise', () => {
    const flags = { master: 'local' }
    expect(toFrameworkOptions(flags, 'm', []).jarServer).toEqual({ bind: '127.0.0.1' })
    const open = toFrameworkOptions({ ...flags, bind: '::' }, 'm', [])
    expect(open.jarServer).toEqual({ bind: '::' })
  })
})

describe('toFrameworkOptions: the jar server', () => {
  const of = (flags: object) => toFrameworkOptions({ master: 'm', ...flags }, 'm', []).jarServer

  it('is for those with a permission, without TLS, unless told otherwise', () => {
    expect(of({})).toEqual({})
    expect(of({ open: true, allowHost: ['jars.example'] })).toEqual({
      open: true,
      allowHosts: ['jars.example'],
    })
    expect(of({ jarServerTls: true })).toEqual({ tls: 'auto' })
    const files = { jarServerCert: 'c', jarServerKey: 'k', jarServerCa: 'a' }
    expect(of(files)).toEqual({ tls: { certFile: 'c', keyFile: 'k', caFile: 'a' } })
  })

  it('refuses halves of a certificate', () => {
    for (const half of [{ jarServerCert: 'c' }, { jarServerKey: 'k' }])
      expect(() => of(half)).toThrow('need each other')
    expect(() => of({ jarServerCa: 'a' })).toThrow('--jar-server-ca needs')
  })
})

describe('describeMaster', () => {
  it('leaves user and password out', () => {
    expect(describeMaster('zk://me:h@u:sh@a:2181,b:2181/mesos')).toBe('zk://a:2181,b:2181/mesos')
    expect(describeMaster('http://a:5050,https://me:hush@b')).toBe('http://a:5050,https://b')
    expect(describeMaster('a:5050')).toBe('a:5050')
  })
})

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
    { lock: 'l.json', lib: ['npm:a@1'] },
    { tlsCa: 'ca.pem', master: 'https://h1' },
    { tlsCa: 'ca.pem', master: 'zk://h1/mesos' },
    { tlsCa: 'ca.pem', master: 'file:///etc/master' },
  ])('takes %j', (flags) => {
    expect(() => checkFrameworkFlags({ master: 'm', ...flags })).not.toThrow()
  })
})

describe('mergeLibraries', () => {
  it('keeps jars first and each file once', () => {
    const flags = { master: 'm', jar: ['a.jar'], lib: ['./a.jar', 'tasks.mjs'] }
    const merged = mergeLibraries([], librariesOf(flags))
    expect(mergeLibraries(merged, [{ path: './tasks.mjs', kind: 'file' }])).toEqual([
      { path: 'a.jar', kind: 'jar' },
      { path: 'tasks.mjs' },
    ])
  })
})
