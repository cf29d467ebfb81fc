import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { schedulerLens } from '../../../src/framework/inspection/scheduler-lens.ts'
import type { ClusterAt, LibrariesAt } from '../../../src/inspector/protocol/lens-views.ts'
import { replayJournal } from '../../../src/journal/replay/replay-journal.ts'
import { schedulerHistory } from '../../../src/machines/known-machines.ts'

const folder = new URL('../../fixtures/journals/', import.meta.url).pathname
const journals = readdirSync(folder).filter((name) => /^scheduler.*\.ndjson$/.test(name))

interface Moment {
  readonly label: string
  readonly cluster: ClusterAt
  readonly libraries: LibrariesAt
  readonly changes: readonly { readonly id: string; readonly state: string }[]
}

function momentsOf(name: string): Moment[] {
  const { cluster, labelOf, libraries, taskChanges } = schedulerLens
  return Array.from(replayJournal(folder + name, schedulerHistory).replay, (step) => {
    const { entry, snapshot } = step
    const event = entry?.event
    return {
      label: event === undefined ? '' : (labelOf?.(event) ?? ''),
      cluster: cluster?.(snapshot) ?? { agents: [], tasks: [], counts: {}, offers: [] },
      libraries: libraries?.(snapshot) ?? { sets: [], hosts: [], conflicts: [] },
      changes: taskChanges?.({ ...step, event }) ?? [],
    }
  })
}

describe.each(journals)('the lens on %s', (name) => {
  it('counts each task of the cluster once, at agents that it lists', () => {
    for (const { cluster } of momentsOf(name)) {
      const { agents, counts, tasks } = cluster
      const sum = Object.values(counts).reduce((total, count) => total + count, 0)
      expect(sum).toBe(tasks.length)
      expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length)
      const ids = agents.map(({ id }) => id)
      for (const { agent, isEnd } of tasks) if (agent && !isEnd) expect(ids).toContain(agent)
    }
  })

  it('shows what survives as JSON', () => {
    for (const moment of momentsOf(name)) expect(JSON.parse(JSON.stringify(moment))).toEqual(moment)
  })

  it('ends each task that it reports as changed, in the state that the cluster shows', () => {
    for (const { changes, cluster } of momentsOf(name)) {
      for (const { id, state } of changes.filter(({ state }) => state.startsWith('TASK_'))) {
        const task = cluster.tasks.find((each) => each.id === id)
        if (task?.isEnd === true) expect(task.state).toBe(state)
      }
    }
  })
})

describe('stages', () => {
  const storyOf = (name: string, wanted: string): readonly string[] => {
    const lines = Array.from(replayJournal(folder + name, schedulerHistory).replay, (step) => {
      const stage = schedulerLens.stages?.(step.snapshot).find(({ title }) => title === wanted)
      return `${stage?.status}: ${stage?.text}`
    })
    return lines.filter((line, index) => line !== lines[index - 1])
  }

  it('are reached one after the other, and are over at the end', () => {
    const name = 'scheduler-libraries.ndjson'
    expect(storyOf(name, 'registered')).toEqual([
      'ahead: subscribing',
      'reached: as f1',
      'ahead: disconnected',
      'reached: as f1',
      'ahead: disconnected',
      'reached: as f1',
      'over: as f1',
    ])
    expect(storyOf(name, 'jar server started').slice(0, 3)).toEqual([
      'ahead: waiting',
      'ahead: starting',
      'reached: 2 libraries',
    ])
    expect(storyOf(name, 'jar server started').at(-1)).toBe('over: closed')
    expect(storyOf(name, 'launch')).toContain('reached: 1 running, 2 waiting')
    expect(storyOf(name, 'launch').at(-1)).toBe('over: 4 ended')
  })
})

describe('the lens', () => {
  it('calls an end a failure unless the task finished', () => {
    const { isFailure } = schedulerLens
    const update = (state: string) => ({ type: 'mesos.update', status: { state } })
    expect(isFailure?.(update('TASK_FINISHED'))).toBe(false)
    expect(isFailure?.(update('TASK_RUNNING'))).toBe(false)
    expect(isFailure?.(update('TASK_FAILED'))).toBe(true)
    expect(isFailure?.({ type: 'connection.lost' })).toBe(true)
  })

  it('says which host has a library now', () => {
    const event = { type: 'holder.added', sha256: 'a'.repeat(64), agentId: 'S1', hostname: 'h1' }
    expect(schedulerLens.labelOf?.(event)).toBe('h1 has aaaaaaaaaaaa…')
    expect(schedulerLens.labelOf?.({ ...event, hostname: '' } as never)).toBe(
      'S1 has aaaaaaaaaaaa…',
    )
  })

  it('knows which side an event comes from', () => {
    const { lanes = [], laneOf } = schedulerLens
    expect(laneOf?.('event', 'mesos.offers')).toBe('master')
    expect(laneOf?.('event', 'task.submit')).toBe('user')
    expect(laneOf?.('effect', 'fx.startJarServer')).toBe('jarServer')
    expect(lanes.map(({ id }) => id)).toContain(laneOf?.('effect', 'fx.call'))
    expect(laneOf?.('fact', 'call.failed')).toBe('user')
  })

  it('names a call by its type', () => {
    const { effectLabelOf } = schedulerLens
    expect(effectLabelOf?.({ type: 'fx.call', params: { type: 'ACCEPT' } })).toBe('fx.call ACCEPT')
    expect(effectLabelOf?.({ type: 'fx.close', params: undefined })).toBe('fx.close')
  })
})
