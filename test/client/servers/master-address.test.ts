import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { masterServers } from '../../../src/client/servers/master-servers.ts'
import {
  parseAgent,
  parseMasters,
  readMasterAddress,
} from '../../../src/client/servers/master-address.ts'

const hrefs = (masters: string | readonly string[]) => parseMasters(masters).map(({ href }) => href)

describe('parseMasters', () => {
  it.each([
    ['localhost', ['http://localhost:5050/']],
    ['10.0.0.1:5051', ['http://10.0.0.1:5051/']],
    ['leader.mesos:80', ['http://leader.mesos/']],
    ['[::1]', ['http://[::1]:5050/']],
    ['[::1]:6060', ['http://[::1]:6060/']],
    ['http://a:5050', ['http://a:5050/']],
    ['http://a/', ['http://a/']],
    ['https://a/mesos', ['https://a/mesos']],
    ['a:1, b:2,,c:3', ['http://a:1/', 'http://b:2/', 'http://c:3/']],
    [
      ['a:1', 'b:2,c:3'],
      ['http://a:1/', 'http://b:2/', 'http://c:3/'],
    ],
  ])('reads %j', (masters, expected) => {
    expect(hrefs(masters)).toEqual(expected)
  })

  it.each([
    ['', /host:port/],
    [' , ', /host:port/],
    [[], /host:port/],
    ['a:1,zk://a:2181/mesos', /or one zk:\/\/ address/],
    ['ftp://a', /not supported: use http/],
    ['a:b', /host:port/],
    ['a:99999', /host:port/],
    ['a:0', /port 0/],
    ['a b:1', /host:port/],
    ['a:1?x=1', /after \? or #/],
  ])('refuses %j with a remedy', (masters, remedy) => {
    expect(() => parseMasters(masters)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(remedy) as string,
        details: expect.objectContaining({ setting: 'master' }) as object,
      }),
    )
  })

  it('keeps a password out of its message', () => {
    expect(() => parseMasters('http://me:hush@a:5050')).toThrow(/credentials/)
    expect(() => parseMasters('http://me:hush@a:5050')).not.toThrow(/hush/)
    expect(() => parseMasters('me:hush@a:99999')).not.toThrow(/hush/)
  })
})

describe('readMasterAddress', () => {
  it('reads the file of file://, and keeps other addresses', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
    try {
      await writeFile(join(folder, 'zk'), 'zk://me:hush@a:2181/mesos\n')
      expect(readMasterAddress(`file://${folder}/zk`)).toBe('zk://me:hush@a:2181/mesos')
      expect(readMasterAddress('http://a:5050')).toBe('http://a:5050')
      expect(() => readMasterAddress(`file://${folder}/none`)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/none/) }),
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('refuses a relative path', () => {
    expect(() => readMasterAddress('file://etc/zk')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/absolute/),
      }),
    )
  })
})

describe('masterServers', () => {
  it.each(['zk://a/x,b', 'zk://a'])('refuses an invalid ZooKeeper address: %s', (address) => {
    const start = () => masterServers([address, 'zk://b/mesos'], { isSecure: false })
    expect(start).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it.each([
    'http://me:hush@h1',
    'http://me:hu/hush@h1',
    'me:hu/hush@h1',
    'ftp://me:hu/hush@h1',
    `${'h,'.repeat(100)}http://me:hush@h1`,
  ])('tells no password of %s', (address) => {
    const start = () => masterServers(address, { isSecure: false })
    expect(start).toThrow(/address/)
    expect(start).not.toThrow(/hu/)
  })

  it.each(['{"principal":"me","secret":"hush"}', '-----BEGIN KEY-----\nhush', 'zk://me:hush@h1'])(
    'quotes nothing of a file without an address: %j',
    async (content) => {
      const folder = await mkdtemp(join(tmpdir(), 'jarcast-address-'))
      try {
        await writeFile(join(folder, 'wrong'), content)
        const start = () => masterServers(`file://${folder}/wrong`, { isSecure: false })
        expect(start).toThrow(/wrong does not hold the address of masters/)
        expect(start).not.toThrow(/hush/)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )
})

describe('parseAgent', () => {
  it('reads an endpoint with and without its parts', () => {
    expect(parseAgent('10.0.0.1:5061').href).toBe('http://10.0.0.1:5061/')
    expect(parseAgent('http://10.0.0.1:5061').href).toBe('http://10.0.0.1:5061/')
    expect(parseAgent('host').href).toBe('http://host:5051/')
  })

  it('refuses an empty address', () => {
    expect(() => parseAgent(' ')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        details: expect.objectContaining({ setting: 'agentUrl' }) as object,
      }),
    )
  })
})
