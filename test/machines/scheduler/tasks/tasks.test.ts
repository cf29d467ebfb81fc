import { describe, expect, it } from 'vitest'
import type { TasksEvent } from '../../../../src/machines/scheduler/tasks/events.ts'
import type { TasksInput } from '../../../../src/machines/scheduler/tasks/setup.ts'
import { tasksMachine } from '../../../../src/machines/scheduler/tasks/tasks.ts'
import { findTask } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import { status } from '../../../support/mesos/mesos-data.ts'

const subscribed: TasksEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: TasksEvent = { type: 'connection.lost', code: '', message: '', retryable: true }

const submit = (...ids: readonly string[]): TasksEvent => ({
  type: 'task.submit',
  requests: ids.map((id) => ({ id, work: { kind: 'shell', command: 'true' } as const })),
})
const launch = (...ids: readonly string[]): TasksEvent => ({
  type: 'task.launched',
  launches: ids.map((taskId) => ({ taskId, agentId: 'a1', hostname: 'h1', counted: [] })),
})
const update = (...parts: Parameters<typeof status>): TasksEvent => ({
  type: 'mesos.update',
  status: status(...parts),
})
const accept = (outcome: 'refused' | 'unsent' | 'unknown', ...launchIds: readonly string[]) =>
  ({ type: 'call.failed', call: 'ACCEPT', launchIds, outcome, message: 'no' }) as const

function start(input: Partial<TasksInput>, ...events: readonly TasksEvent[]) {
  const component = asChild(tasksMachine, { outcomes: 'forgotten', ...input })
  component.send(subscribed, ...events)
  return component
}

function callsOf(outcome: { effects: readonly { params: unknown }[] } | undefined) {
  return outcome?.effects.map(({ params }) => (params as { type: string }).type)
}

describe('tasksMachine', () => {
  it('notifies its parent of tasks that wait, and of the last end', () => {
    const component = start({}, submit('a'))
    expect(component.notices).toEqual([{ type: 'work.changed' }])
    component.send(launch('a'), update('a', 'TASK_RUNNING'))
    expect(component.notices).toHaveLength(2)
    component.send(update('a', 'TASK_FINISHED'))
    expect(component.notices).toHaveLength(3)
  })

  it('notifies its parent of the library sets that tasks need', () => {
    const component = start({}, { type: 'sets.changed', setId: 's1' }, submit('a', 'b'))
    const needed = () => component.notices.filter(({ type }) => type === 'sets.needed')
    expect(needed()).toEqual([{ type: 'sets.needed', setIds: ['s1'] }])
    component.send(launch('a', 'b'), update('a', 'TASK_FINISHED'))
    expect(needed()).toHaveLength(1)
    component.send(update('b', 'TASK_FINISHED'))
    expect(needed().at(-1)).toEqual({ type: 'sets.needed', setIds: [] })
  })

  it('acknowledges an update that an agent has sent', () => {
    const component = start({}, submit('a'), launch('a'))
    const agents = { uuid: 'dXVpZA==', agentId: { value: 'a1' } }
    expect(callsOf(component.send(update('a', 'TASK_RUNNING', agents)))).toEqual(['ACKNOWLEDGE'])
    expect(callsOf(component.send(update('a', 'TASK_RUNNING')))).toEqual([])
  })

  it('puts tasks of an ACCEPT that was not sent back into their queue', () => {
    const component = start({}, submit('a'), launch('a'), accept('unsent', 'a'))
    expect(findTask(component.snapshot.context.table, 'a')).toMatchObject({
      state: 'pending',
      attempt: 1,
    })
  })

  it('ends tasks of an ACCEPT that the master refused', () => {
    const component = start({}, submit('a'), launch('a'))
    expect(component.send(accept('refused', 'a'))?.facts).toMatchObject([
      { type: 'task.ended', taskId: 'a', code: 'CALL_REJECTED' },
    ])
  })

  it('reconciles tasks of an ACCEPT that the master may have taken', () => {
    const component = start({}, submit('a'), launch('a'))
    expect(callsOf(component.send(accept('unknown', 'a')))).toEqual(['RECONCILE'])
    expect(findTask(component.snapshot.context.table, 'a')?.state).toBe('launching')
  })

  it('reconciles launched tasks after a subscription, before it resends kills', () => {
    const kill: TasksEvent = { type: 'task.kill', taskId: 'a' }
    const component = start({}, submit('a', 'b'), launch('a', 'b'), kill, lost)
    expect(callsOf(component.send(subscribed))).toEqual(['RECONCILE', 'KILL'])
  })

  it('makes no call while there is no subscription', () => {
    const component = start({}, submit('a'), launch('a'), lost)
    expect(component.send({ type: 'task.kill', taskId: 'a' })?.effects).toEqual([])
    expect(component.after(3_600_000).effects).toEqual([])
  })

  it('reconciles all tasks of an earlier run of the framework', () => {
    expect(callsOf(asChild(tasksMachine, { outcomes: 'forgotten' }).send(subscribed))).toEqual([])
    const again = asChild(tasksMachine, { outcomes: 'forgotten', frameworkId: 'f1' })
    expect(callsOf(again.send(subscribed))).toEqual(['RECONCILE'])
  })

  it('kills the tasks of leaving agents without counting an attempt', () => {
    const component = start({}, submit('a', 'b'), launch('a'), update('a', 'TASK_RUNNING'))
    expect(callsOf(component.send({ type: 'task.move', agentIds: ['a1'] }))).toEqual(['KILL'])
    component.send(update('a', 'TASK_KILLED'))
    expect(findTask(component.snapshot.context.table, 'a')).toMatchObject({
      state: 'pending',
      attempt: 2,
      failures: 0,
    })
  })

  it('does not launch tasks again whose executor its user shuts down', () => {
    const task = {
      type: 'task.launched',
      launches: [
        { taskId: 'a', agentId: 'a1', hostname: 'h1', executorId: 'jarcast-1', counted: [] },
      ],
    } as const
    const component = start({}, submit('a'), task)
    const shutdown = { type: 'executor.shutdown', agentId: 'a1', executorId: 'jarcast-1' } as const
    expect(callsOf(component.send(shutdown))).toEqual(['SHUTDOWN'])
    expect(component.send(update('a', 'TASK_LOST'))?.facts).toMatchObject([{ type: 'task.ended' }])
  })

  it('reports the remembered outcome of a task that is submitted again', () => {
    const ended = [submit('a'), launch('a'), update('a', 'TASK_FINISHED')]
    const component = start({ outcomes: 'remembered' }, ...ended)
    expect(component.send(submit('a'))?.facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
    expect(component.snapshot.context.table.rows.size).toBe(0)
  })

  it('rejects tasks that the framework does not take any more', () => {
    const why = { code: 'FRAMEWORK_STOPPED', message: 'it is draining' }
    const [request] = [{ id: 'a', work: { kind: 'shell', command: 'true' } as const }]
    const component = start({})
    expect(component.send({ type: 'task.refuse', requests: [request], why })?.facts).toEqual([
      { type: 'task.rejected', taskId: 'a', ...why },
    ])
  })

  it('ends every task when the framework stops, and then makes no call', () => {
    const component = start({}, submit('a', 'b'), launch('a'), { type: 'task.kill', taskId: 'a' })
    const abandoned = component.send({ type: 'task.abandon', why: undefined })
    const code = 'FRAMEWORK_STOPPED'
    expect(abandoned?.facts).toHaveLength(2)
    for (const taskId of ['a', 'b'])
      expect(abandoned?.facts).toContainEqual(expect.objectContaining({ taskId, code }))
    expect(component.after(3_600_000).effects).toEqual([])
  })
})
