import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readMasterInfo } from '../../../src/client/zookeeper/leader.ts'

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/mesos/zookeeper-leader.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>
const read = (address: object) =>
  readMasterInfo(Buffer.from(JSON.stringify({ address })), 'http:')?.href

describe('readMasterInfo', () => {
  it('reads the record of a master', () => {
    const data = Buffer.from(recorded['json.info_0000000001'] ?? '')
    expect(readMasterInfo(data, 'http:')?.href).toBe('http://127.0.0.1:5071/')
    expect(readMasterInfo(data, 'https:')?.href).toBe('https://127.0.0.1:5071/')
  })

  it('uses the address for http, the name for https, or the only one', () => {
    const address = { ip: '10.0.0.1', hostname: 'm.example.com', port: 5050 }
    const data = Buffer.from(JSON.stringify({ address }))
    expect(readMasterInfo(data, 'http:')?.host).toBe('10.0.0.1:5050')
    expect(readMasterInfo(data, 'https:')?.host).toBe('m.example.com:5050')
    expect(read({ hostname: 'm', port: 5050 })).toBe('http://m:5050/')
    expect(read({ ip: '::1', port: 5050 })).toBe('http://[::1]:5050/')
  })

  it.each([
    {},
    { ip: '10.0.0.1' },
    { ip: '10.0.0.1', port: '5050' },
    { ip: '10.0.0.1', port: 0 },
    { ip: '10.0.0.1', port: 65_536 },
    { ip: '10.0.0.1', port: 50.5 },
    { ip: 7, port: 5050 },
    { ip: 'me:hush@evil/', port: 5050 },
    { hostname: 'evil/path?', port: 5050 },
    { hostname: 'x'.repeat(300), port: 5050 },
  ])('finds no address in %j', (address) => {
    expect(read(address)).toBeUndefined()
  })

  it.each(['', 'null', '7', '[]', '{"address":null}', 'master@127.0.0.1:5050', '['.repeat(9999)])(
    'finds no address in the text %.30s',
    (text) => {
      expect(readMasterInfo(Buffer.from(text), 'http:')).toBeUndefined()
    },
  )

  it('refuses a record that is too long', () => {
    const address = { ip: '10.0.0.1', port: 5050 }
    const data = JSON.stringify({ address, capabilities: 'x'.repeat(65_536) })
    expect(readMasterInfo(Buffer.from(data), 'http:')).toBeUndefined()
  })
})
