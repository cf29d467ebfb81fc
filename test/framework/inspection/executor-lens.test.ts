import { describe, expect, it } from 'vitest'
import { executorLens } from '../../../src/framework/inspection/executor-lens.ts'
import { lensOf } from '../../../src/framework/inspection/lens-of.ts'
import { schedulerLens } from '../../../src/framework/inspection/scheduler-lens.ts'
import { executorMachine } from '../../../src/machines/executor/executor.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { setup } from 'xstate'

describe('executorLens', () => {
  it.each([
    ['event', 'task.launched', 'agent'],
    ['event', 'manifest.failed', 'jarServer'],
    ['event', 'host.exited', 'processes'],
    ['event', 'update.stamped', 'process'],
    ['effect', 'fx.sendUpdate', 'agent'],
    ['effect', 'fx.fetchLibrary', 'jarServer'],
    ['effect', 'fx.startHost', 'processes'],
    ['effect', 'fx.installSet', 'process'],
  ] as const)('draws the %s %s at the lane %s', (what, type, lane) => {
    expect(executorLens.laneOf?.(what, type)).toBe(lane)
    expect(executorLens.lanes?.map(({ id }) => id)).toContain(lane)
  })

  it('says what an effect is about', () => {
    const effect = { type: 'fx.report', params: { taskId: 't1', state: 'TASK_RUNNING' } }
    expect(executorLens.effectLabelOf?.(effect)).toBe('fx.report t1 TASK_RUNNING')
  })
})

describe('lensOf', () => {
  it('knows the machines that write journals, and no other', () => {
    expect(lensOf(schedulerMachine)).toBe(schedulerLens)
    expect(lensOf(executorMachine)).toBe(executorLens)
    expect(lensOf(setup({}).createMachine({}))).toBeUndefined()
  })
})
