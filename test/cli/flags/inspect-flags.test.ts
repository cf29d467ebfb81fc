import { describe, expect, it } from 'vitest'
import { toPageOptions } from '../../../src/cli/flags/inspect-flags.ts'

const usageError = expect.objectContaining({ code: 'CONFIG_INVALID' })

describe('toPageOptions', () => {
  it.each([
    [true, {}],
    ['8080', { port: 8080 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['build.example', { host: 'build.example' }],
    ['0.0.0.0:8080', { host: '0.0.0.0', port: 8080 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
  ] as const)('reads %s', (inspect, options) => {
    expect(toPageOptions({ inspect })).toEqual(options)
  })

  it.each(['', ':8080', '::1', 'host:99999', '99999', 'http://host:80', 'host:port'])(
    'refuses %j',
    (inspect) => {
      expect(() => toPageOptions({ inspect })).toThrow(usageError)
    },
  )

  it('names the file of the token', () => {
    const flags = { inspect: '0.0.0.0', inspectTokenFile: 'token' }
    expect(toPageOptions(flags)).toEqual({ host: '0.0.0.0', tokenFile: 'token' })
  })

  it('opens no page unless it is wanted', () => {
    expect(toPageOptions({})).toBeUndefined()
  })

  it.each([{ inspectTokenFile: 'token' }, { inspectControl: true }, { inspectWait: true }])(
    'refuses options that have no effect: %j',
    (flags) => {
      expect(() => toPageOptions(flags)).toThrow(usageError)
    },
  )
})
