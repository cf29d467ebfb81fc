import { describe, expect, it } from 'vitest'
import {
  filterTasks,
  stateAt,
  taskRows,
} from '../../../../../src/inspector/page/views/cluster/task-rows.ts'

const spans = [
  { state: 'waiting', from: 10, to: 20 },
  { state: 'TASK_RUNNING', from: 20, to: 50 },
  { state: 'TASK_FINISHED', from: 50, to: 50 },
]
const all = [
  { id: 'one', name: 'First', host: 'a1', spans },
  { id: 'two', name: 'two', spans: [{ state: 'waiting', from: 40 }] },
]

describe('stateAt', () => {
  it('is the last state that has begun', () => {
    expect([5, 10, 19, 20, 49, 50, 99].map((now) => stateAt(spans, now))).toEqual([
      undefined,
      'waiting',
      'waiting',
      'TASK_RUNNING',
      'TASK_RUNNING',
      'TASK_FINISHED',
      'TASK_FINISHED',
    ])
  })
})

describe('taskRows', () => {
  it('takes the state of a moment from the cluster, where it names the task', () => {
    const task = { id: 'one', name: 'First', state: 'killing', isEnd: false, isFailure: false }
    const rows = taskRows(all, { tasks: [task] }, 30)
    expect(rows.map(({ state }) => state)).toEqual(['killing', undefined])
    expect(rows[0]?.at).toBe(task)
    // It begins at 40, after the moment that the cluster is of.
    expect(taskRows(all, { tasks: [task] }, 40)[1]?.state).toBeUndefined()
    expect(taskRows(all, { tasks: [task] }, 41)[1]?.state).toBe('waiting')
  })
})

describe('filterTasks', () => {
  const rows = taskRows(all, undefined, 45)

  it('finds text in id, name and host, in any case', () => {
    const found = (text: string) =>
      filterTasks(rows, { text, state: undefined }).map(({ id }) => id)
    expect(found('FIRST')).toEqual(['one'])
    expect(found('a1')).toEqual(['one'])
    expect(found(' ')).toEqual(['one', 'two'])
    expect(found('none')).toEqual([])
  })

  it('keeps tasks in a state', () => {
    expect(filterTasks(rows, { text: '', state: 'waiting' }).map(({ id }) => id)).toEqual(['two'])
  })
})
