import { describe, expect, it } from 'vitest'
import { advertisedHost, hostInUri } from '../../../src/server/listener/advertised-host.ts'
import type { AdvertisedHostOptions } from '../../../src/server/listener/advertised-host.ts'

const remote = { masterHost: 'master.example.com' }

describe('advertisedHost', () => {
  it.each<[AdvertisedHostOptions, string]>([
    [{ bind: '0.0.0.0', localAddress: '10.0.0.5', ...remote }, '10.0.0.5'],
    [{ bind: '::', localAddress: '::ffff:10.0.0.5', ...remote }, '10.0.0.5'],
    [{ bind: '::', localAddress: 'FD00::5', ...remote }, 'fd00::5'],
    [{ bind: '10.0.0.9', localAddress: '10.0.0.5', ...remote }, '10.0.0.9'],
    [{ bind: '[fd00::9]', localAddress: '10.0.0.5', ...remote }, 'fd00::9'],
    [{ bind: '::', advertise: 'jars.example.com', localAddress: '10.0.0.5' }, 'jars.example.com'],
    [{ bind: '127.0.0.1', advertise: '192.0.2.1', ...remote }, '192.0.2.1'],
    [{ bind: '::', advertise: '[fd00::7]', ...remote }, 'fd00::7'],
    [{ bind: '::', localAddress: '127.0.0.1', masterHost: 'localhost' }, '127.0.0.1'],
    [{ bind: '::', localAddress: '::1', masterHost: '[::1]' }, '::1'],
    [{ bind: '127.0.0.1', localAddress: '10.0.0.5', masterHost: '10.0.0.5' }, '127.0.0.1'],
    [{ bind: '::', masterHost: 'LOCALHOST' }, '127.0.0.1'],
    [{ bind: '::' }, '127.0.0.1'],
    [{ bind: '::', localAddress: '10.0.0.5' }, '10.0.0.5'],
  ])('chooses from %j', (options, host) => {
    expect(advertisedHost(options)).toBe(host)
  })

  it.each<AdvertisedHostOptions>([
    { bind: '::', localAddress: '127.0.0.1', ...remote },
    { bind: '::', localAddress: '::ffff:127.0.0.1', ...remote },
    { bind: '::', localAddress: '::1', ...remote },
    { bind: '127.0.1.1', localAddress: '10.0.0.5', ...remote },
    { bind: 'localhost', localAddress: '10.0.0.5', ...remote },
    { bind: '::', advertise: '127.0.0.1', ...remote },
    { bind: '::', advertise: '0:0:0:0:0:0:0:1', masterHost: '10.0.0.1' },
    { bind: '::', ...remote },
    { bind: '::', localAddress: 'fe80::1%eth0', masterHost: 'fe80::2%eth0' },
    { bind: '0.0.0.0', localAddress: 'fd00::5', ...remote },
  ])('refuses to advertise from %j, naming the setting', (options) => {
    expect(() => advertisedHost(options)).toThrow(
      expect.objectContaining({
        code: 'ADDRESS_NOT_ADVERTISABLE',
        message: expect.stringContaining('--advertise HOST'),
      }),
    )
  })

  it.each(['', '0.0.0.0', '::', 'http://host', 'host:80', 'host/x', 'a b', '-x', '10.0.0.5:80'])(
    'rejects the setting %j',
    (advertise) => {
      expect(() => advertisedHost({ bind: '::', advertise })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      )
    },
  )
})

describe('hostInUri', () => {
  it('puts brackets around IPv6 only', () => {
    expect(['fd00::5', '10.0.0.5', 'host'].map(hostInUri)).toEqual([
      '[fd00::5]',
      '10.0.0.5',
      'host',
    ])
  })
})
