import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { describe, expect, it } from 'vitest'
import { checkTasks, toRequest } from '../../../src/framework/requests/task-options.ts'
import type { TaskOptions } from '../../../src/framework/requests/task-options.ts'

type RunSettings = Parameters<typeof toRequest>[1]
const settings: RunSettings = {
  libraries: [],
  delivery: 'executor',
  executor: {} as RunSettings['executor'],
  capabilities: [],
  roles: ['*'],
}

describe('toRequest', () => {
  it.each([undefined, null, 'true', {}, { work: null }, { work: 'true' }, { work: { kind: 5 } }])(
    'refuses %j, which only JavaScript lets through',
    (task) => {
      const invalid = expect.objectContaining({ code: 'TASK_INVALID' })
      expect(() => toRequest(task as unknown as TaskOptions, settings)).toThrow(invalid)
    },
  )

  it('makes an id of a name, unless Mesos would refuse that', () => {
    const work = { kind: 'shell', command: 'true' } as const
    expect(toRequest({ name: 'sum', work }, settings).id).toMatch(/^sum-[0-9a-f-]{36}$/)
    for (const name of ['a/b', 'a\\b', 'two\nlines', '任'.repeat(70)])
      expect(toRequest({ name, work }, settings)).toMatchObject({
        name,
        id: expect.stringMatching(/^shell-[0-9a-f-]{36}$/),
      })
  })
})

describe('checkTasks', () => {
  const master = 'http://127.0.0.1:9'
  const fetcher = { master, delivery: 'fetcher', libraries: ['a.jar'] } as const
  const java = { kind: 'java', mainClass: 'a.B' } as const

  it.each<[string, TaskRequest['work'], FrameworkOptions, RegExp]>([
    [
      'a function without jarcast',
      { kind: 'js', module: 'm.mjs', export: 'f' },
      fetcher,
      /work of kind js needs jarcast's executor/,
    ],
    [
      'a class to load without jarcast',
      { kind: 'load-class', className: 'a.B' },
      fetcher,
      /load-class needs jarcast's executor/,
    ],
    ['standard input without jarcast', { ...java, stdin: 'x' }, fetcher, /standard input for java/],
    ['a warm JVM without jarcast', { ...java, isolation: 'shared' }, fetcher, /isolation for java/],
    ['Java without a jar', java, { master }, /java tasks need at least one library/],
  ])('refuses %s', (_, work, options, why) => {
    expect(() => checkTasks([{ id: 'a', work }], options)).toThrow(why)
  })

  it('refuses a group that Mesos would refuse', () => {
    const task = { work: java, group: 'g' }
    expect(() =>
      checkTasks(
        [
          { ...task, id: 'a' },
          { ...task, id: 'a' },
        ],
        fetcher,
      ),
    ).toThrow(/same id/)
  })

  it('takes what can run', () => {
    expect(() => checkTasks([{ id: 'a', work: java }], fetcher)).not.toThrow()
  })
})
