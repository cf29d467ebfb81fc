import { describe, expect, it } from 'vitest'
import type { AnyStep } from '../../../src/cli/journal/verify-journal.ts'
import { createTaskFilter } from '../../../src/cli/replay/task-filter.ts'

const step = (event: object | undefined, params?: unknown) =>
  ({ entry: { event }, effects: [{ params }], facts: [] }) as unknown as AnyStep

describe('createTaskFilter', () => {
  it('takes events and effects that name the task, in any attempt', () => {
    const { isAbout } = createTaskFilter('a')
    expect(isAbout(step({ type: 'task.submit', requests: [{ id: 'b' }, { id: 'a' }] }))).toBe(true)
    expect(isAbout(step({ type: 'mesos.update', status: { taskId: { value: 'a~2' } } }))).toBe(true)
    expect(isAbout(step({ type: 'call.failed', launchIds: ['a'] }))).toBe(true)
    expect(isAbout(step(undefined, { kill: { taskId: { value: 'a' } } }))).toBe(true)
  })

  it('leaves out other tasks, and the same text elsewhere', () => {
    const { isAbout } = createTaskFilter('a')
    expect(isAbout(step({ type: 'mesos.update', status: { taskId: { value: 'ab' } } }))).toBe(false)
    expect(isAbout(step({ type: 'library.added', name: 'a', agentId: { value: 'a' } }))).toBe(false)
  })

  it('names the tasks there are for one that is unknown', () => {
    const { isAbout, assertFound } = createTaskFilter('c')
    isAbout(step({ type: 'task.kill', taskId: 'a' }))
    isAbout(step({ type: 'task.kill', taskId: 'b~3' }))
    expect(assertFound).toThrow(
      '--task c: no entry shown is about a task of that name; they name a, b',
    )
  })

  it('accepts a task that was found', () => {
    const { isAbout, assertFound } = createTaskFilter('a')
    isAbout(step({ type: 'task.kill', taskId: 'a' }))
    expect(assertFound).not.toThrow()
  })
})
