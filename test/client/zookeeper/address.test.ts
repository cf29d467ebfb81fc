import { describe, expect, it } from 'vitest'
import { isZooKeeper, parseZooKeeper } from '../../../src/client/zookeeper/address.ts'

describe('parseZooKeeper', () => {
  it('reads servers with and without ports, user and password', () => {
    expect(parseZooKeeper('zk://me:hush@h1:2181,h2,[::1]:2183/mesos')).toEqual({
      servers: [
        { host: 'h1', port: 2181 },
        { host: 'h2', port: 2181 },
        { host: '::1', port: 2183 },
      ],
      path: '/mesos',
      digest: 'me:hush',
      label: 'zk://h1:2181,h2,[::1]:2183/mesos',
    })
    expect(parseZooKeeper(' zk://h1/a/b/ ')).toMatchObject({ path: '/a/b', digest: undefined })
  })

  it('reads a password with special characters, as Mesos does', () => {
    expect(parseZooKeeper('zk://me:h@u:s,h@h1/mesos')).toMatchObject({
      servers: [{ host: 'h1', port: 2181 }],
      digest: 'me:h@u:s,h',
    })
  })

  it.each([
    ['zk://h1', /path of the masters is missing/],
    ['zk://h1/', /path of the masters is missing/],
    ['zk://h1/a//b', /no path in ZooKeeper/],
    ['zk://h1/../b', /no path in ZooKeeper/],
    ['zk:///mesos', /zk:\/\/host:2181/],
    ['zk://h1:0/mesos', /zk:\/\/host:2181/],
    ['zk://h1:70000/mesos', /zk:\/\/host:2181/],
    ['zk://h1,,h2/mesos', /zk:\/\/host:2181/],
    ['zk://a b/mesos', /zk:\/\/host:2181/],
    ['zk://me@h1/mesos', /user:password/],
    [`zk://${'h,'.repeat(100)}h/mesos`, /at most 100/],
  ])('refuses %j with a remedy', (address, remedy) => {
    expect(() => parseZooKeeper(address)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(remedy) as string,
      }),
    )
  })

  it('keeps the password out of its messages', () => {
    const hosts = ['hush@h1', 'hush@h1:0/mesos', 'hush@ /mesos', 'hush@h1/a//b', 'hu/hush@h1/mesos']
    for (const rest of hosts) {
      const read = () => parseZooKeeper(`zk://me:${rest}`)
      expect(read).toThrow(/address/)
      expect(read).not.toThrow(/hush/)
    }
  })
})

describe('isZooKeeper', () => {
  it('distinguishes zk:// from other addresses', () => {
    expect(['zk://a/b', ' ZK://a/b', 'http://zk', 'zk'].map(isZooKeeper)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
