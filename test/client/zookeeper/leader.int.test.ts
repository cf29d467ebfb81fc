import { firstValueFrom, filter } from 'rxjs'
import type { Subscription } from 'rxjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseZooKeeper } from '../../../src/client/zookeeper/address.ts'
import { watchLeader } from '../../../src/client/zookeeper/leader.ts'
import type { Leadership, LeaderOptions } from '../../../src/client/zookeeper/leader.ts'
import type { JarcastError } from '../../../src/errors.ts'
import {
  hasZooKeeper,
  standForElection,
  startEnsemble,
  startZooKeeper,
} from '../../support/servers/zookeeper.ts'
import type { MasterNode, NodeOptions, ZooKeeper } from '../../support/servers/zookeeper.ts'

const options = { random: () => 0.05, sessionTimeoutMs: 2000, connectTimeoutMs: 1000 }
const masters: MasterNode[] = []
const watches: Subscription[] = []
let zooKeeper: ZooKeeper
let paths = 0
const newPath = () => `/mesos-${(paths += 1)}`

async function elect(path: string, port: number, node?: NodeOptions): Promise<MasterNode> {
  const master = await standForElection(zooKeeper, path, port, node)
  masters.push(master)
  return master
}

/** Follows the leader; `until` looks at the latest that is known and at what comes after. */
function watch(address: string, more: LeaderOptions = {}) {
  const seen: Leadership[] = []
  const waiting = new Set<() => void>()
  let failure: JarcastError | undefined
  const look = () => {
    for (const one of waiting) one()
  }
  watches.push(
    watchLeader(parseZooKeeper(address), { ...options, ...more }).subscribe({
      next: (known) => {
        seen.push(known)
        look()
      },
      error: (error: JarcastError) => {
        failure = error
        look()
      },
    }),
  )
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const one = () => {
        if (!isTrue()) return
        waiting.delete(one)
        resolve()
      }
      waiting.add(one)
      one()
    })
  return {
    seen,
    until,
    failure: () => failure,
    untilLeader: (port: number | undefined) =>
      until(() => {
        const known = seen.at(-1)
        return known !== undefined && known.leader?.port === (port && String(port))
      }),
    untilProblem: (code: string) => until(() => seen.at(-1)?.problem?.code === code),
  }
}

describe.skipIf(!hasZooKeeper())('watchLeader', () => {
  beforeAll(async () => {
    zooKeeper = await startZooKeeper()
  })

  afterEach(async () => {
    for (const one of watches.splice(0)) one.unsubscribe()
    await Promise.all(masters.splice(0).map((master) => master.resign()))
  })

  afterAll(async () => {
    await zooKeeper.close()
  })

  const at = (path: string) => `zk://127.0.0.1:${zooKeeper.port}${path}`

  it('names the lowest sequence, and the next when that resigns', async () => {
    const path = newPath()
    const first = await elect(path, 5071)
    expect(first.name).toBe(`${path}/json.info_0000000001`)
    await elect(path, 5070)
    const { seen, untilLeader } = watch(at(path))
    await untilLeader(5071)
    expect(seen).toEqual([{ leader: new URL('http://127.0.0.1:5071'), problem: undefined }])
    await first.resign()
    await untilLeader(5070)
    const third = await elect(path, 5071)
    await third.resign()
    await elect(path, 5072)
    expect(seen.at(-1)?.leader?.port).toBe('5070')
  })

  it('waits for the path, then for a master, then follows it', async () => {
    const path = newPath()
    const { untilLeader, untilProblem, seen } = watch(at(path))
    await untilProblem('MASTER_UNREACHABLE')
    expect(seen.at(-1)?.problem?.message).toContain(`there is no ${path} in ZooKeeper yet`)
    const only = await elect(path, 5080)
    await untilLeader(5080)
    await only.resign()
    await untilLeader(undefined)
    expect(seen.at(-1)?.problem?.message).toContain(`there is no master at ${path}`)
    await elect(path, 5081)
    await untilLeader(5081)
  })

  it('takes the host name for masters that speak https', async () => {
    const path = newPath()
    await elect(path, 5443, { hostname: 'master.example.com' })
    const leadership$ = watchLeader(parseZooKeeper(at(path)), { ...options, protocol: 'https:' })
    const { leader } = await firstValueFrom(
      leadership$.pipe(filter(({ leader }) => leader !== undefined)),
    )
    expect(leader?.href).toBe('https://master.example.com:5443/')
  })

  it('says that a record cannot be read, and takes the next', async () => {
    const path = newPath()
    const broken = await elect(path, 1, { data: '{"address":{"ip":"127.0.0.1/x","port":70000}}' })
    await elect(path, 5070)
    const { untilProblem, untilLeader } = watch(at(path))
    await untilProblem('MASTER_UNREACHABLE')
    await broken.resign()
    await untilLeader(5070)
  })

  it('reads a protected path only with the right password', async () => {
    const path = newPath()
    await elect(path, 5070, { digest: 'mesos:s3cret:word' })
    const right = watch(`zk://mesos:s3cret:word@127.0.0.1:${zooKeeper.port}${path}`)
    await right.untilLeader(5070)
    for (const credentials of ['', 'mesos:wr0ng@']) {
      const wrong = watch(`zk://${credentials}127.0.0.1:${zooKeeper.port}${path}`)
      await wrong.until(() => wrong.failure() !== undefined)
      expect(wrong.failure()).toMatchObject({ code: 'ZOOKEEPER_REJECTED', retryable: false })
      expect(JSON.stringify([wrong.failure(), wrong.failure()?.message])).not.toContain('wr0ng')
    }
  })

  it('tries the next server when one is down', async () => {
    const path = newPath()
    await elect(path, 5070)
    const { untilLeader, seen } = watch(`zk://127.0.0.1:1,127.0.0.1:${zooKeeper.port}${path}`)
    await untilLeader(5070)
    expect(seen[0]?.problem).toMatchObject({ code: 'ZOOKEEPER_UNREACHABLE', retryable: true })
    expect(seen.at(-1)?.problem).toBeUndefined()
  })

  it('keeps the leader while ZooKeeper is gone, and finds the next', async () => {
    const path = newPath()
    await elect(path, 5070)
    const { untilLeader, untilProblem, seen } = watch(at(path))
    await untilLeader(5070)
    await zooKeeper.kill()
    await untilProblem('ZOOKEEPER_UNREACHABLE')
    expect(seen.at(-1)?.leader?.port).toBe('5070')
    await zooKeeper.start()
    // The session of the master that led ends with its server's memory of its connection, or when it is over.
    await elect(path, 5071)
    await untilLeader(5071)
  })

  it('notices a server that hangs, and continues when it does', async () => {
    const path = newPath()
    const first = await elect(path, 5070)
    await elect(path, 5071)
    const { untilLeader, untilProblem } = watch(at(path))
    await untilLeader(5070)
    zooKeeper.signal('SIGSTOP')
    await untilProblem('ZOOKEEPER_UNREACHABLE')
    zooKeeper.signal('SIGCONT')
    await first.resign()
    await untilLeader(5071)
  })
})

describe.skipIf(!hasZooKeeper())('watchLeader at an ensemble', () => {
  it('continues with another member when its own dies', async () => {
    const members = await startEnsemble(3)
    try {
      const [first, second] = members
      if (first === undefined || second === undefined) throw new Error('no ensemble')
      const master = await standForElection(second, '/mesos', 5070)
      const standby = await standForElection(second, '/mesos', 5071)
      const hosts = members.map(({ port }) => `127.0.0.1:${port}`).join(',')
      const { untilLeader, untilProblem } = watch(`zk://${hosts}/mesos`)
      await untilLeader(5070)
      await first.kill()
      await untilProblem('ZOOKEEPER_UNREACHABLE')
      await master.resign()
      await untilLeader(5071)
      await standby.resign()
    } finally {
      for (const one of watches.splice(0)) one.unsubscribe()
      await Promise.all(members.map((member) => member.close()))
    }
  })
})
