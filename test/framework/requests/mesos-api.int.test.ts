import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { persistentVolume, reservedResources } from '../../../src/domain/tasks/operations.ts'
import type { JarcastError } from '../../../src/errors.ts'
import type { FrameworkEvents } from '../../../src/framework/facts/events.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'

let cluster: LocalCluster
const frameworks: Framework[] = []

beforeAll(async () => {
  cluster = await startLocalCluster({ open: true, agents: 2, allocationIntervalMs: 50 })
})

afterEach(async () => {
  await Promise.all(frameworks.splice(0).map((framework) => framework.stop()))
})

afterAll(async () => {
  await cluster.close()
})

function create(options: Partial<FrameworkOptions> = {}): Framework {
  const framework = createFramework({ master: cluster.url, ...options })
  frameworks.push(framework)
  return framework
}

function shell(command: string, more: object = {}) {
  return { work: { kind: 'shell', command }, ...more } as const
}

/** The next such event that `fits`. */
function next<Name extends keyof FrameworkEvents>(
  framework: Framework,
  name: Name,
  fits: (payload: FrameworkEvents[Name][0]) => boolean = () => true,
): Promise<FrameworkEvents[Name][0]> {
  return new Promise((resolve) => {
    const listener = (payload: FrameworkEvents[Name][0]): void => {
      if (fits(payload)) resolve(payload)
    }
    framework.on(name, listener as never)
  })
}

async function errorOf(run: Promise<unknown>): Promise<JarcastError> {
  return run.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as JarcastError,
  )
}

/** A task that runs until it is killed; resolves once it runs. */
async function startLong(framework: Framework, id: string) {
  const runs = next(
    framework,
    'task.updated',
    ({ taskId, state }) => taskId === id && state === 'TASK_RUNNING',
  )
  const launched = next(framework, 'task.launched', ({ taskId }) => taskId === id)
  const end = errorOf(framework.run(shell('sleep 600', { id })))
  await runs
  return { end, agentId: (await launched).agentId }
}

describe('two schedulers with one framework id', () => {
  it('end the older one with the reason, and leave its task to the newer one', async () => {
    const older = create({ failoverTimeoutMs: 600_000 })
    const { end } = await startLong(older, 'shared')
    const failed = next(older, 'framework.failed')
    const { frameworkId = '' } = older
    const newer = create({ frameworkId, failoverTimeoutMs: 600_000 })
    const found = next(newer, 'task.unknown')
    await newer.start()
    expect(await failed).toMatchObject({ error: { code: 'FRAMEWORK_FAILED_OVER' } })
    expect(await end).toMatchObject({ code: 'FRAMEWORK_FAILED_OVER' })
    expect(await found).toMatchObject({ taskId: 'shared', isKilled: false })
    expect(newer.frameworkId).toBe(frameworkId)
  })

  it('kill the tasks of the older one, if the newer one is set so', async () => {
    const older = create({ failoverTimeoutMs: 600_000 })
    await startLong(older, 'left')
    const newer = create({
      frameworkId: older.frameworkId ?? '',
      failoverTimeoutMs: 600_000,
      unknownTasks: 'kill',
    })
    const found = next(newer, 'task.unknown')
    await newer.start()
    expect(await found).toMatchObject({ taskId: 'left', isKilled: true })
    await expect.poll(() => stateOf('left')).toBe('TASK_KILLED')
  })
})

/** As the master knows it. */
async function stateOf(taskId: string): Promise<string | undefined> {
  const answer = await fetch(`${cluster.url}/tasks`)
  const { tasks } = (await answer.json()) as {
    readonly tasks: readonly { readonly id: string; readonly state: string }[]
  }
  return tasks.find(({ id }) => id === taskId)?.state
}

describe('a removed framework', () => {
  it('is refused for good, with the remedy', async () => {
    const first = create()
    await first.start()
    const { frameworkId = '' } = first
    await first.stop()
    const error = await errorOf(create({ frameworkId }).start())
    expect(error).toMatchObject({ code: 'FRAMEWORK_REMOVED', retryable: false })
    expect(error.message).toContain('start a new one, without this id')
  })
})

describe('kill', () => {
  it('is repeated until it reaches an agent that was down', async () => {
    const framework = create()
    const { end, agentId } = await startLong(framework, 'stubborn')
    const agent = cluster.control.status().agents.find(({ id }) => id === agentId)
    const name = agent?.name ?? ''
    await cluster.control.killAgent(name)
    framework.kill('stubborn', { graceMs: 100 })
    // The first KILL is on its way to nowhere.
    await expect
      .poll(
        () => framework.snapshot?.children.tasks?.getSnapshot().children.kills?.getSnapshot().value,
      )
      .toEqual({ subscribed: 'waiting' })
    await cluster.control.startAgent(name)
    expect(await end).toMatchObject({ details: { state: 'TASK_KILLED' } })
  })
})

describe('operate', () => {
  const team = { role: 'team', principal: 'p' }

  it('reserves, makes a volume that tasks find again, and undoes it', async () => {
    const framework = create({ roles: ['team'] })
    await framework.start()
    const agentId = cluster.control.status().agents[0]?.id ?? ''
    const reserved = reservedResources({ cpus: 0.5, memMb: 64, diskMb: 32 }, team)
    const volume = persistentVolume({ ...team, id: 'v1', sizeMb: 32, containerPath: 'data' })
    const finished = { state: 'OPERATION_FINISHED', agentId, attempt: 1 }
    await expect(
      framework.operate({
        agentId,
        operation: { type: 'RESERVE', reserve: { resources: reserved } },
      }),
    ).resolves.toMatchObject(finished)
    await expect(
      framework.operate({ agentId, operation: { type: 'CREATE', create: { volumes: [volume] } } }),
    ).resolves.toMatchObject(finished)
    const resources = { cpus: 0.1, memMb: 32, volumes: ['v1'] }
    await framework.run(shell('echo kept > data/file', { resources }))
    await framework.run(shell('grep kept data/file', { resources }))
    await expect(
      framework.operate({
        agentId,
        operation: { type: 'DESTROY', destroy: { volumes: [volume] } },
      }),
    ).resolves.toMatchObject(finished)
    await expect(
      framework.operate({
        agentId,
        operation: { type: 'UNRESERVE', unreserve: { resources: reserved } },
      }),
    ).resolves.toMatchObject(finished)
  })

  it('rejects with the message of Mesos, and when it is given up', async () => {
    const framework = create({ roles: ['team'] })
    await framework.start()
    const agentId = cluster.control.status().agents[0]?.id ?? ''
    const wrong = reservedResources({ cpus: 0.5 }, { role: 'another' })
    const refused = framework.operate({
      agentId,
      operation: { type: 'RESERVE', reserve: { resources: wrong } },
    })
    expect(await errorOf(refused)).toMatchObject({
      code: 'OPERATION_FAILED',
      details: { state: 'OPERATION_ERROR' },
    })
    const waiting = new AbortController()
    const never = framework.operate({
      agentId: 'no such agent',
      operation: { type: 'RESERVE', reserve: { resources: reservedResources({ cpus: 1 }, team) } },
      signal: waiting.signal,
    })
    waiting.abort()
    expect(await errorOf(never)).toMatchObject({ code: 'OPERATION_FAILED' })
    expect(
      await errorOf(framework.operate({ agentId, operation: { type: 'RESERVE', reserve: {} } })),
    ).toMatchObject({ code: 'OPERATION_INVALID' })
  })
})

describe('maintenance', () => {
  async function schedule(windows: readonly object[]): Promise<void> {
    const answer = await fetch(`${cluster.url}/maintenance/schedule`, {
      method: 'POST',
      body: JSON.stringify({ windows }),
    })
    expect(answer.status).toBe(200)
  }

  it('moves tasks off the machine', async () => {
    const framework = create({ maintenance: 'move' })
    const asked = next(framework, 'inverseOffer.received')
    const retried = next(framework, 'task.retried', ({ taskId }) => taskId === 'mover')
    const { end, agentId } = await startLong(framework, 'mover')
    const again = next(framework, 'task.launched', ({ attempt }) => attempt === 2)
    const { hostname } = await agentOf(agentId)
    const start = { nanoseconds: (Date.now() + 3_600_000) * 1e6 }
    await schedule([{ machine_ids: [{ hostname, ip: '127.0.0.1' }], unavailability: { start } }])
    expect(await asked).toMatchObject({ agentId, answer: 'moved' })
    await retried
    expect((await again).agentId).not.toBe(agentId)
    await schedule([])
    framework.kill('mover')
    await end
  })

  async function agentOf(id: string): Promise<{ readonly hostname: string }> {
    const answer = await fetch(`${cluster.url}/slaves`)
    const { slaves } = (await answer.json()) as {
      readonly slaves: readonly { readonly id: string; readonly hostname: string }[]
    }
    return slaves.find((slave) => slave.id === id) ?? { hostname: '' }
  }
})

describe('update', () => {
  it('changes the roles, and offers come for them', async () => {
    const framework = create({ roles: ['team'] })
    await framework.start()
    await framework.update({ roles: ['other'] })
    await framework.run(shell('true'))
    expect(framework.snapshot?.children.connection?.getSnapshot().context.framework.roles).toEqual([
      'other',
    ])
  })

  it('leaves all as it was when the master refuses it', async () => {
    const framework = create({ roles: ['team'] })
    await framework.start()
    expect(await errorOf(framework.update({ roles: ['no/../role'] }))).toMatchObject({
      code: 'CONFIG_INVALID',
    })
    expect(await errorOf(framework.update({ roles: ['twice', 'twice'] }))).toMatchObject({
      code: 'CALL_REJECTED',
    })
    await framework.run(shell('true'))
    expect(framework.snapshot?.children.connection?.getSnapshot().context.framework.roles).toEqual([
      'team',
    ])
  })
})

describe('offers', () => {
  it('are held for the next task, which needs no REVIVE then', async () => {
    const framework = create({ offerHoldMs: 600_000 })
    await framework.start()
    await framework.run(shell('true'))
    await expect
      .poll(() => framework.snapshot?.children.offers?.getSnapshot().context.held.size)
      .toBeGreaterThan(0)
    const before = tokensOf(framework)
    await framework.run(shell('true'))
    expect(tokensOf(framework)).toBe(before)
  })

  it('of all roles are suppressed when nothing needs them, and revived', async () => {
    const framework = create({ roles: ['a', 'b'], offerHoldMs: 0, revives: { refillMs: 600_000 } })
    await framework.start()
    await framework.run(shell('true'))
    expect(flowOf(framework)?.suppressed).toEqual(['a', 'b'])
    await framework.run(shell('true'))
    expect(tokensOf(framework)).toBeLessThan(60)
  })

  function flowOf({ snapshot }: Framework) {
    return snapshot?.children.offers?.getSnapshot().children.offerFlow?.getSnapshot().context
  }

  function tokensOf(framework: Framework): number {
    return flowOf(framework)?.tokens ?? Number.NaN
  }
})

describe('executors', () => {
  it('are reported by name, and ended', async () => {
    const framework = create()
    const { end, agentId } = await startLong(framework, 'ended')
    framework.sendMessage({ agentId, executorId: 'ended' }, 'hello')
    framework.shutDownExecutor({ agentId, executorId: 'ended' })
    expect((await end).details['state']).toMatch(/^TASK_(KILLED|FAILED)$/)
  })
})
