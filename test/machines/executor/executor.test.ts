import { describe, expect, it } from 'vitest'
import type { StampedUpdate } from '../../../src/machines/executor/events.ts'
import { good, grouped, installed, launch, ready, run, subscribed } from './run-executor.ts'

describe('executorMachine', () => {
  it('subscribes with nothing to resend', () => {
    expect(run().take('fx.subscribe')).toEqual([{ tasks: [], updates: [] }])
  })

  it('gives each task a child until its last update is acknowledged', () => {
    const executor = run()
    executor.tell(subscribed, launch('t'))
    expect(executor.children).toEqual(['task.t'])
    executor.tell({ type: 'host.started', taskId: 't' })
    executor.acknowledge('t')
    expect(executor.children).toEqual(['task.t'])
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(executor.updates.map(({ state }) => state)).toEqual(['TASK_FINISHED'])
    executor.acknowledge('t')
    expect(executor.children).toEqual([])
    expect(executor.runtime.snapshot.context).toMatchObject({ runs: {}, tasks: {}, updates: [] })
  })

  it('releases a set when its last task is over and a newer set is installed', () => {
    const executor = run()
    executor.tell(subscribed, launch('t', 's'), ...ready('s'), launch('u', 's'))
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good }, launch('v', 'next'))
    executor.tell({ type: 'host.exited', taskId: 'u', outcome: good })
    expect(executor.take('fx.releaseSet')).toEqual([])
    executor.tell(...ready('next'))
    expect(executor.take('fx.releaseSet')).toEqual([{ setId: 's' }])
    executor.tell({ type: 'host.exited', taskId: 'v', outcome: good })
    expect(executor.take('fx.releaseSet')).toEqual([])
    expect(Object.keys(executor.runtime.snapshot.context.sets)).toEqual(['next'])
    executor.tell(launch('w', 's'))
    expect(executor.take('fx.fetchManifest')).toMatchObject([{ setId: 's' }])
  })

  it('sends each update once it is stamped', () => {
    const executor = run()
    executor.tell(subscribed, launch('t', 's'), ...ready('s'), {
      type: 'host.started',
      taskId: 't',
    })
    executor.wait(200)
    const sent = executor.take('fx.sendUpdate') as readonly { update: StampedUpdate }[]
    expect(sent.map(({ update }) => update.state)).toEqual(['TASK_STARTING', 'TASK_RUNNING'])
  })

  it('accepts a task with the name of an object property', () => {
    const executor = run()
    executor.tell(subscribed, launch('constructor', 'toString'), launch('__proto__'))
    expect(executor.children).toEqual(['task.constructor', 'downloader.toString', 'task.__proto__'])
  })

  it('launches no task twice', () => {
    const executor = run()
    executor.tell(subscribed, launch('t'), launch('t'))
    expect(executor.take('fx.startHost')).toHaveLength(1)
  })

  it('fails an invalid task', () => {
    const executor = run()
    const task = {
      taskId: 't',
      info: {},
      payload: { code: 'TASK_INVALID' as const, message: 'what?' },
      killGraceMs: 0,
    }
    executor.tell(subscribed, { type: 'task.launched', task })
    expect(executor.updates).toMatchObject([{ state: 'TASK_FAILED', message: 'what?' }])
    executor.acknowledge('t')
    expect(executor.runtime.snapshot.context.runs).toEqual({})
  })

  it('fetches a set once for all tasks that need it', () => {
    const executor = run()
    executor.tell(subscribed, launch('t', 's'), launch('u', 's'))
    expect(executor.take('fx.fetchManifest')).toHaveLength(1)
    executor.tell(
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.installed', setId: 's', installed },
    )
    expect(executor.take('fx.startHost')).toMatchObject([
      { taskId: 't', libraries: [installed] },
      { taskId: 'u', libraries: [installed] },
    ])
    expect(executor.children).toEqual(['task.t', 'task.u'])
    executor.tell(launch('v', 's'))
    expect(executor.take('fx.startHost')).toMatchObject([{ taskId: 'v', libraries: [installed] }])
  })

  it('fails the tasks of a failed set, and retries for later tasks', () => {
    const executor = run()
    const failure = { code: 'LIBRARY_CORRUPT' as const, message: 'no a.jar' }
    executor.tell(
      subscribed,
      launch('t', 's'),
      launch('u'),
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.failed', setId: 's', ...failure },
    )
    expect(executor.updates.at(-1)).toMatchObject({ taskId: 't', message: 'no a.jar' })
    executor.take('fx.fetchManifest')
    executor.tell(launch('v', 's'))
    expect(executor.take('fx.fetchManifest')).toHaveLength(1)
  })

  it('adds the libraries of its argument to every task', () => {
    const executor = run({ seedUris: ['http://jars/0_a.jar'] })
    executor.tell(subscribed, launch('t'))
    expect(executor.take('fx.fetchManifest')).toEqual([
      { setId: 'seed', source: { kind: 'uris', uris: ['http://jars/0_a.jar'] }, attempt: 1 },
    ])
  })

  it('kills the others of a group when one fails, once', () => {
    const executor = run()
    executor.tell(subscribed, grouped('t'), grouped('u'), launch('v'))
    executor.tell({ type: 'host.exited', taskId: 't', outcome: { ...good, ok: false } })
    expect(executor.take('fx.killHost')).toEqual([{ taskId: 'u', signal: 'SIGTERM' }])
    executor.tell(grouped('w'))
    expect(executor.take('fx.killHost')).toEqual([{ taskId: 'w', signal: 'SIGTERM' }])
  })
})
