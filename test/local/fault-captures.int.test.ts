import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../src/local/options/cluster-options.ts'
import { readCapture } from './support/capture.ts'
import type { CaptureEntry } from './support/capture.ts'
import { ask } from './support/client.ts'
import { replayCapture } from './support/replay-capture.ts'
import type { ReplayOptions } from './support/replay-capture.ts'
import type { Correspondence } from './support/unify-recorded.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

/** No interval: offers are made after changes, and where the recording has one. */
const neverMs = 3_600_000

async function start(options: LocalClusterOptions = {}): Promise<void> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: neverMs,
    hostnames: ['127.0.0.1'],
    attributes: { rack: 'r1', os: 'debian' },
    controlPort: 0,
    agentBackoffMs: 0,
    ...options,
  })
}

/** Commands go through the control server, as a user's. */
async function command(path: string): Promise<void> {
  const answer = await ask(`${cluster.controlUrl}${path}`, { method: 'POST' })
  expect(answer).toMatchObject({ status: 200 })
}

/** Adds allocations before offers; filters last as long as the interval. */
async function read(name: string, replaced: readonly [string, string][] = []) {
  let text = JSON.stringify(await readCapture(name))
  for (const [from, to] of [...replaced, ['"refuse_seconds":0.5', '"refuse_seconds":0'] as const]) {
    text = text.replaceAll(from, to)
  }
  const entries = JSON.parse(text) as CaptureEntry[]
  return insertBefore(entries, 'allocate', ({ event }) => event?.type === 'OFFERS')
}

/** Inserts faults before entries. */
function insertBefore(
  entries: readonly CaptureEntry[],
  fault: string,
  isPlace: (entry: CaptureEntry, index: number) => boolean,
): CaptureEntry[] {
  return entries.flatMap((entry, index) =>
    isPlace(entry, index) ? [{ t: entry.t, fault }, entry] : [entry],
  )
}

type Act = NonNullable<ReplayOptions['act']>

/** Each fault as a command. */
function faults(commands: Readonly<Record<string, string>>): Act {
  const all: Readonly<Record<string, string>> = { ...commands, allocate: '/allocate' }
  return async ({ fault = '' }) => {
    expect(Object.keys(all)).toContain(fault)
    await command(all[fault] ?? '')
  }
}

function replay(entries: readonly CaptureEntry[], act: Act = faults({})) {
  return replayCapture(entries, { url: () => cluster.url, act, adapt: withoutInstant })
}

/** The time at which an agent was given up must be a number. */
function withoutInstant<Event extends object>(event: Event): Event {
  const text = JSON.stringify(event)
  return JSON.parse(
    text.replace(/"unreachable_time":\{"nanoseconds":\d{19}\}/u, '"unreachable_time":"some time"'),
  ) as Event
}

async function frameworkIds(): Promise<string[]> {
  const { body } = await ask(`${cluster.controlUrl}/`)
  const { frameworks } = JSON.parse(body) as { frameworks: readonly { id: string }[] }
  return frameworks.map(({ id }) => id)
}

describe('recorded faults', () => {
  it('of an agent that is killed and started under a running task', async () => {
    await start({
      agentPingTimeoutMs: 60,
      maxAgentPingTimeouts: 2,
      executorReregistrationTimeoutMs: 500,
    })
    const act = faults({
      'agent SIGKILL': '/agents/agent-1/kill',
      'agent started again': '/agents/agent-1/start',
    })
    const entries = await read('agent-restart', [['sleep 8', 'sleep 3']])
    expect(await replay(entries, act)).toEqual([])
  })

  it('of an agent that is lost and comes back', async () => {
    await start({ agentPingTimeoutMs: 60, maxAgentPingTimeouts: 2 })
    const act = faults({
      'agent SIGSTOP': '/agents/agent-1/cut',
      'agent SIGCONT': '/agents/agent-1/heal',
    })
    expect(await replay(await read('agent-lost'), act)).toEqual([])
  })

  it('of a master that is killed and started again', async () => {
    await start()
    const recorded = await read('master-restart', [['sleep 20', 'sleep 3']])
    // In the recording the agent happened to come back after the framework, whose first question
    // was not answered.
    const lastOffer = recorded.findLastIndex(({ event }) => event?.type === 'OFFERS')
    const entries = insertBefore(
      recorded,
      'agent comes back',
      (_entry, index) => index === lastOffer,
    )
    const command = faults({
      'master SIGKILL': '/masters/0/kill',
      'agent comes back': '/agents/agent-1/heal',
    })
    const act: Act = async (entry, ids) => {
      const { fault, probeWhileRestarting: probe } = entry
      if (fault === 'master SIGKILL') await cluster.control.cutAgent('agent-1')
      if (fault !== undefined) await command(entry, ids)
      if (probe === 'ECONNREFUSED') {
        await expect(revive(entries, ids)).rejects.toMatchObject({ code: probe })
        await cluster.control.startMaster('master-0')
      } else if (probe !== undefined) {
        const { body, status } = await revive(entries, ids)
        expect({ body, status }).toEqual({ body: entry.body, status: probe })
      }
    }
    expect(await replay(entries, act)).toEqual([])
  })

  it('of a stream that is cut, in time and for too long', async () => {
    await start()
    const recorded = [...(await read('disconnect')), ...(await read('disconnect-late'))]
    const last = recorded.findLastIndex(({ call }) => call?.type === 'REVIVE')
    const removed = insertBefore(recorded, 'removed', (_entry, index) => index === last)
    const entries = insertBefore(removed, 'disconnect', ({ stream }) => stream === 'error')
    const act: Act = async (entry, ids) => {
      if (entry.fault === 'allocate') return faults({})(entry, ids)
      if (entry.fault === 'disconnect') {
        for (const id of await frameworkIds()) await command(`/frameworks/${id}/disconnect`)
      }
      while (entry.fault === 'removed' && (await frameworkIds()).length > 0) {
        await new Promise(setImmediate)
      }
    }
    expect(await replay(entries, act)).toEqual([])
  })

  it('of a scheduler that does not acknowledge', async () => {
    await start({ updateRetryMs: 1000 })
    const entries = await read('unacked-retry')
    // It acknowledged after the fourth update; both are logged within milliseconds.
    const acknowledged = entries.findIndex(({ call }) => call?.type === 'ACKNOWLEDGE')
    entries.splice(acknowledged + 1, 0, ...entries.splice(acknowledged, 1))
    expect(entries.slice(0, acknowledged + 1).filter(isUpdate)).toHaveLength(4)
    expect(await replay(entries)).toEqual([])
  })

  it('of executors that do not register, exit, clash, and of a task id used twice', async () => {
    await start({ executorRegistrationTimeoutMs: 3000 })
    expect(await replay(await read('executor-faults'))).toEqual([])
  })
})

function isUpdate({ event }: CaptureEntry): boolean {
  return event?.type === 'UPDATE'
}

/** The call of the recording that polls for the master. */
function revive(entries: readonly CaptureEntry[], ids: Correspondence) {
  const subscribed = entries.find(({ event }) => event?.type === 'SUBSCRIBED')?.event
  const { framework_id } = (subscribed?.['subscribed'] ?? {}) as { framework_id?: unknown }
  return ask(`${cluster.url}/api/v1/scheduler`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 'old' },
    body: JSON.stringify(ids.translate({ framework_id, type: 'REVIVE' })),
  })
}
