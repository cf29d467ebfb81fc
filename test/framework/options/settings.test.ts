import { describe, expect, it } from 'vitest'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { toSettings } from '../../../src/framework/options/settings.ts'

const master = 'http://127.0.0.1:9'
const jar = { master, libraries: ['a.jar'] }

describe('toSettings', () => {
  it('has a default for all but the master', () => {
    expect(toSettings({ master })).toMatchObject({
      masters: [master],
      libraries: [],
      conflicts: 'warn',
      delivery: 'executor',
      roles: ['*'],
      policy: { offerHoldMs: 1000 },
      failoverTimeoutMs: 60_000,
      timeoutMs: 60_000,
      executor: { node: 'node', resources: { cpus: 0.1, memMb: 128 }, environment: {} },
      jarServer: { port: 0 },
      mediaType: 'application/x-protobuf',
    })
  })

  it('adds no variable to the executor for the default codec', () => {
    const environment = { A: '1' }
    const settings = toSettings({ master, codec: 'json', executor: { environment } })
    expect(settings.executor.environment).toEqual({ A: '1', JARCAST_CODEC: 'json' })
    expect(toSettings({ master, executor: { environment } }).executor.environment).toEqual({
      A: '1',
    })
  })

  it.each<[FrameworkOptions, RegExp]>([
    [{ master: [] }, /^master must be an address such as/],
    [{ master: ' ,' }, /^master must be an address/],
    [{ master, codec: 'xml' as 'json' }, /^codec must be protobuf or json$/],
    [{ master, conflicts: 'x' as 'warn' }, /^conflicts must be warn, fail or ignore$/],
    [{ master, delivery: 'x' as 'fetcher' }, /^delivery must be executor or fetcher$/],
    [{ master, principal: 'a', credentials: { principal: 'b', secret: 's' } }, /^principal must/],
    [{ master, role: 'a', roles: ['b'] }, /^role must not be set beside roles$/],
    [{ master, roles: ['a', 'a'] }, /^roles must name at least one role, and none twice$/],
    [{ master, role: 'two words' }, /^role \(two words\) has a blank/],
    [{ master, roles: ['a', '-b'] }, /^roles \(-b\) must not have a part that starts with a dash/],
    [{ master, frameworkId: '任'.repeat(86) }, /^frameworkId has 258 bytes/],
    [{ master, failoverTimeoutMs: 1e13 }, /^failoverTimeoutMs must be at most/],
    [{ master, timeoutMs: Number.NaN }, /^timeoutMs must be a number of ms, 0 or more$/],
    [{ master, reconcileEveryMs: 10 }, /^reconcileEveryMs must be a number of ms, 1000 or more$/],
    [{ master, revives: { burst: 0 } }, /^revives must be numbers, 1 or more$/],
    [{ master, executor: { resources: { cpus: -1 } } }, /^executor\./],
    [{ master, jarServer: { port: 70_000 } }, /^jarServer\.port must be a port, 0 to 65535$/],
    [{ ...jar, jarServer: { tls: 'auto', open: true } }, /^jarServer.open and jarServer.tls/],
    [{ ...jar, delivery: 'fetcher', jarServer: { tls: 'auto' } }, /fetcher cannot verify/],
    [{ ...jar, executor: { script: 'run.sh' }, jarServer: { tls: 'auto' } }, /fetcher cannot/],
    [{ master, executor: { script: 'run.sh' } }, /executor.script needs at least one library/],
    [{ master, executor: { container: { type: 'MESOS' } } }, /executor.container needs/],
  ])('refuses %j', (options, message) => {
    expect(() => toSettings(options)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(message),
        details: { setting: expect.any(String) },
      }),
    )
  })
})
