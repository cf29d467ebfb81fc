import { describe, expect, it } from 'vitest'
import { toFrameworkOptions } from '../../../src/cli/flags/framework-flags.ts'

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

  it('listens where only local executors can reach it, by default', () => {
    const flags = { master: 'local' }
    expect(toFrameworkOptions(flags, 'm', []).jarServer).toEqual({ bind: '127.0.0.1' })
    const open = toFrameworkOptions({ ...flags, bind: '::' }, 'm', [])
    expect(open.jarServer).toEqual({ bind: '::' })
  })
})
