import { describe, expect, it } from 'vitest'
import { tasksOfExports } from '../../../src/cli/run/task-module.ts'

const file = '/jobs/tasks.mjs'
const shell = { kind: 'shell', command: 'true' }
const invalid = expect.objectContaining({ code: 'TASK_INVALID' })

describe('tasksOfExports', () => {
  it('calls exported functions on an agent', async () => {
    expect(await tasksOfExports(file, { hello: () => 1 })).toEqual({
      tasks: [{ id: 'hello', work: { kind: 'js', module: 'tasks.mjs', export: 'hello' } }],
      libraries: [{ path: file, kind: 'file' }],
    })
  })

  it('leaves classes and generators alone, which a task cannot call', async () => {
    class Helper {
      readonly isReady = true
    }
    const generate = function* () {
      yield 1
    }
    const generateLater = async function* () {
      yield await Promise.resolve(1)
    }
    const odd = { Helper, generate, generateLater }
    const { tasks } = await tasksOfExports(file, { hello: () => 1, ...odd })
    expect(tasks.map(({ id }) => id)).toEqual(['hello'])
    await expect(tasksOfExports(file, odd)).rejects.toThrow(/no tasks \(Helper is a class/)
    await expect(tasksOfExports(file, { default: Helper })).rejects.toThrow(invalid)
  })

  it('takes exported requests under the name of their export', async () => {
    const { tasks, libraries } = await tasksOfExports(file, {
      one: { work: shell },
      two: { id: 'deux', work: shell, retry: { maxAttempts: 2 } },
      limit: 3,
      settings: { a: 1 },
    })
    expect(tasks).toEqual([
      { id: 'one', work: shell },
      { id: 'deux', work: shell, retry: { maxAttempts: 2 } },
    ])
    expect(libraries).toEqual([])
  })

  it('takes an array, or a function that makes one, as default', async () => {
    const list = [{ work: shell }, { name: 'b', work: shell }]
    for (const main of [list, () => list, () => Promise.resolve(list)]) {
      const { tasks } = await tasksOfExports(file, { default: main })
      expect(tasks.map(({ id }) => id)).toEqual(['task-1', 'b'])
    }
  })

  it('leaves a function that a request names to that request', async () => {
    const { tasks } = await tasksOfExports(file, {
      add: () => 1,
      other: () => 1,
      default: [
        { id: 'sum', work: { kind: 'js', module: './tasks.mjs', export: 'add', args: [1] } },
      ],
    })
    expect(tasks.map(({ id }) => id)).toEqual(['other', 'sum'])
  })

  it('takes a function listed under default once', async () => {
    const hello = (): number => 1
    const { tasks } = await tasksOfExports(file, { hello, default: [hello] })
    expect(tasks.map(({ id }) => id)).toEqual(['hello'])
  })

  it('ships local modules once and leaves packages alone', async () => {
    const work = (module: string, name: string) => ({
      id: name,
      work: { kind: 'js', module, export: name },
    })
    const { tasks, libraries } = await tasksOfExports(file, {
      default: [work('./sums.mjs', 'a'), work('../jobs/sums.mjs', 'b'), work('lodash/add', 'c')],
    })
    expect(libraries).toEqual([{ path: '/jobs/sums.mjs', kind: 'file' }])
    expect(tasks.map(({ work }) => work.kind === 'js' && work.module)).toEqual([
      'sums.mjs',
      'sums.mjs',
      'lodash/add',
    ])
  })

  it('refuses what is no task, and ids that are not unique', async () => {
    await expect(tasksOfExports(file, { default: [3] })).rejects.toEqual(invalid)
    await expect(tasksOfExports(file, { default: [() => 1] })).rejects.toEqual(invalid)
    await expect(tasksOfExports(file, { a: { work: { kind: 'fly' } } })).rejects.toEqual(invalid)
    const twice = [
      { id: 'a', work: shell },
      { id: 'a', work: shell },
    ]
    await expect(tasksOfExports(file, { default: twice })).rejects.toEqual(invalid)
  })

  it('refuses modules without tasks, and defaults that throw', async () => {
    const usageError = expect.objectContaining({ code: 'CONFIG_INVALID' })
    await expect(tasksOfExports(file, { limit: 3 })).rejects.toEqual(usageError)
    const fail = (): never => {
      throw new Error('no list today')
    }
    await expect(tasksOfExports(file, { default: fail })).rejects.toEqual(usageError)
  })
})
