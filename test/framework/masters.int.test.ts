import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import type { FrameworkEvents } from '../../src/framework/facts/events.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { openDoor } from '../support/servers/door.ts'
import type { Door } from '../support/servers/door.ts'
import { hasZooKeeper, standForElection, startZooKeeper } from '../support/servers/zookeeper.ts'
import type { MasterNode, ZooKeeper } from '../support/servers/zookeeper.ts'

let cluster: LocalCluster
let folder: string
const doors: Door[] = []
const frameworks: Framework[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
})

afterEach(async () => {
  await Promise.all(frameworks.splice(0).map((framework) => framework.stop()))
  await Promise.all(doors.splice(0).map((door) => door.shut()))
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** A master of its own to whoever dials it: another way to the one of the cluster. */
async function openMaster(): Promise<Door> {
  const door = await openDoor(Number(new URL(cluster.url).port))
  doors.push(door)
  return door
}

/** A framework, everything that it tells, and a task that runs until it may end. */
function start(master: FrameworkOptions['master']) {
  const framework = createFramework({ master, failoverTimeoutMs: 600_000 })
  frameworks.push(framework)
  const losses: FrameworkEvents['framework.disconnected'][0][] = []
  const ids: string[] = []
  framework.on('framework.disconnected', (loss) => losses.push(loss))
  framework.on('framework.registered', ({ frameworkId }) => ids.push(frameworkId))
  return { framework, losses, ids }
}

function untilRegistered(framework: Framework, door: Door): Promise<void> {
  return new Promise((resolve) => {
    framework.on('framework.registered', ({ master }) => {
      if (master === `http://127.0.0.1:${door.port}`) resolve()
    })
  })
}

function untilLoss(framework: Framework, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    framework.on('framework.disconnected', ({ message }) => {
      if (pattern.test(message)) resolve()
    })
  })
}

let tasks = 0

/** Resolves once the task runs; `finish` lets it end and gives its outcome. */
async function runTask(framework: Framework) {
  tasks += 1
  const [id, file] = [`waits-${tasks}`, join(folder, `go-${tasks}`)]
  const running = new Promise<void>((resolve) => {
    framework.on('task.updated', ({ taskId, state }) => {
      if (taskId === id && state === 'TASK_RUNNING') resolve()
    })
  })
  const command = `while [ ! -e ${file} ]; do sleep 0.05; done`
  const outcome = framework.run({ id, work: { kind: 'shell', command } })
  outcome.catch(() => undefined)
  await running
  return async (): Promise<void> => {
    await writeFile(file, '')
    await outcome
  }
}

describe('a list of masters', () => {
  it('is gone round until one of them is back, with its task still running', async () => {
    const [first, second] = [await openMaster(), await openMaster()]
    const { framework, ids, losses } = start(
      `127.0.0.1:${first.port},http://127.0.0.1:${second.port}`,
    )
    const registered = untilRegistered(framework, first)
    const finish = await runTask(framework)
    await registered
    const refused = Promise.all([
      untilLoss(framework, new RegExp(`127.0.0.1:${first.port}: .*ECONNREFUSED`)),
      untilLoss(framework, new RegExp(`127.0.0.1:${second.port}: .*ECONNREFUSED`)),
    ])
    await Promise.all([first.shut(), second.shut()])
    await refused
    const back = untilRegistered(framework, second)
    await second.open()
    await back
    await finish()
    expect(new Set(ids).size).toBe(1)
    expect(losses.every(({ retryable }) => retryable)).toBe(true)
  })
})

describe('masters that elect one of them', () => {
  let several: LocalCluster

  beforeAll(async () => {
    several = await startLocalCluster({ open: true, masters: 3, allocationIntervalMs: 50 })
  })

  afterAll(async () => {
    await several.close()
  })

  const untilOneOf = (framework: Framework, isIt: (master: string) => boolean) =>
    new Promise<void>((resolve) => {
      framework.on('framework.registered', ({ master = '' }) => {
        if (isIt(master)) resolve()
      })
    })

  it('send a framework to the one that leads, and to the next while a task runs', async () => {
    const { control, masters, url } = several
    // The last of them is asked first, and does not lead.
    const { framework, ids, losses } = start(masters.map((master) => master.url).toReversed())
    const registered = untilOneOf(framework, (master) => master === url)
    const finish = await runTask(framework)
    await registered
    const [next] = control.status().masters.filter(({ state }) => state === 'following')
    const moved = untilOneOf(framework, (master) => master === next?.url)
    await control.leadMaster(next?.name ?? '')
    await moved
    const nobody = untilLoss(framework, /503.*there is no leader/)
    await control.resign()
    await nobody
    const back = untilOneOf(framework, () => true)
    await control.leadMaster(next?.name ?? '')
    await back
    await finish()
    expect(new Set(ids).size).toBe(1)
    expect(losses.every(({ retryable }) => retryable)).toBe(true)
  })
})

describe.skipIf(!hasZooKeeper())('masters in ZooKeeper', () => {
  let zooKeeper: ZooKeeper
  const nodes: MasterNode[] = []
  let paths = 0

  beforeAll(async () => {
    zooKeeper = await startZooKeeper()
  })

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.resign()))
  })

  afterAll(async () => {
    await zooKeeper.close()
  })

  const newPath = () => `/mesos-${(paths += 1)}`
  const addressOf = (path: string) => `zk://me:hush@127.0.0.1:1,127.0.0.1:${zooKeeper.port}${path}`

  async function elect(path: string, door: Door): Promise<MasterNode> {
    const node = await standForElection(zooKeeper, path, door.port)
    nodes.push(node)
    return node
  }

  it('are left for the next leader while a task runs', async () => {
    const path = newPath()
    const [first, second] = [await openMaster(), await openMaster()]
    const node = await elect(path, first)
    await elect(path, second)
    const { framework, ids, losses } = start(addressOf(path))
    const registered = untilRegistered(framework, first)
    const finish = await runTask(framework)
    await registered
    // The master itself goes on: that it leads no more is known from ZooKeeper alone.
    const moved = untilRegistered(framework, second)
    await node.resign()
    await moved
    await finish()
    expect(new Set(ids).size).toBe(1)
    const message = `127.0.0.1:${second.port} leads instead of 127.0.0.1:${first.port}`
    expect(losses.at(-1)).toMatchObject({ code: 'STREAM_ENDED', message, retryable: true })
  })

  it('are waited for while none leads', async () => {
    const path = newPath()
    const [first, second] = [await openMaster(), await openMaster()]
    const { framework, ids } = start(addressOf(path))
    const nobody = untilLoss(
      framework,
      /there is no leader: there is no \/mesos-\d+ in ZooKeeper yet/,
    )
    const starting = framework.start()
    await nobody
    const node = await elect(path, first)
    await starting
    const finish = await runTask(framework)
    const gone = untilLoss(framework, /there is no leader: there is no master at/)
    await Promise.all([first.shut(), node.resign()])
    await gone
    const back = untilRegistered(framework, second)
    await elect(path, second)
    await back
    await finish()
    expect(new Set(ids).size).toBe(1)
  })

  it('are worked with while ZooKeeper is gone, and followed when it is back', async () => {
    const path = newPath()
    const [first, second] = [await openMaster(), await openMaster()]
    await elect(path, first)
    const { framework, losses } = start(addressOf(path))
    await framework.start()
    const finish = await runTask(framework)
    await zooKeeper.kill()
    const another = await runTask(framework)
    await another()
    expect(losses.filter(({ code }) => code !== 'ZOOKEEPER_UNREACHABLE')).toEqual([])
    const moved = untilRegistered(framework, second)
    await zooKeeper.start()
    await elect(path, second)
    await moved
    await finish()
  })

  it('are refused where the password does not open the path', async () => {
    const path = newPath()
    nodes.push(await standForElection(zooKeeper, path, 5050, { digest: 'mesos:other' }))
    const { framework } = start(addressOf(path))
    const error = await framework.start().catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'ZOOKEEPER_REJECTED' })
    expect(String(error)).not.toContain('hush')
  })
})
