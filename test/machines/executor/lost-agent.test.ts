import { describe, expect, it } from 'vitest'
import { good, launch, lost, run, subscribed } from './run-executor.ts'

describe('executorMachine', () => {
  it('ends with its tasks when it loses an agent that does not checkpoint', () => {
    const executor = run()
    executor.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' }, lost())
    expect(executor.take('fx.killHost')).toEqual([{ taskId: 't', signal: 'SIGTERM' }])
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(executor.take('fx.exit')).toEqual([
      { exitStatus: 1, message: 'the agent is gone: gone' },
    ])
  })

  it('subscribes again with unacknowledged updates', () => {
    const executor = run({ checkpoint: true })
    executor.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    executor.wait(200)
    executor.tell(lost())
    executor.take('fx.subscribe')
    executor.wait(100)
    const updates = [{ state: 'TASK_RUNNING' }]
    expect(executor.take('fx.subscribe')).toMatchObject([{ tasks: [{ name: 't' }], updates }])
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good }, subscribed)
    expect(executor.take('fx.sendUpdate')).toMatchObject([{ update: { state: 'TASK_FINISHED' } }])
  })

  it('resends no task once an update of it is acknowledged', () => {
    const executor = run({ checkpoint: true })
    executor.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    executor.wait(200)
    executor.acknowledge('t')
    executor.tell(lost())
    executor.wait(100)
    expect(executor.take('fx.subscribe').at(-1)).toMatchObject({ tasks: [], updates: [] })
  })

  it('gives up a lost agent after the recovery timeout', () => {
    const executor = run({ checkpoint: true, recoveryTimeoutMs: 1000 })
    executor.tell(subscribed, lost())
    for (let at = 0; at < 900; at += 100) {
      executor.wait(100)
      executor.tell(lost())
    }
    executor.wait(100)
    expect(executor.runtime.snapshot.status).toBe('done')
  })

  it('retries a busy agent before the first subscription', () => {
    const executor = run()
    executor.tell(lost({ busy: true }))
    executor.wait(100)
    expect(executor.take('fx.subscribe').at(-1)).toEqual({ tasks: [], updates: [] })
    executor.tell(lost({ busy: true, retryable: false }))
    expect(executor.take('fx.exit')).toHaveLength(1)
  })

  it('keeps its tasks when the agent sends invalid bytes', () => {
    const executor = run({ checkpoint: false })
    executor.tell(
      subscribed,
      launch('t'),
      { type: 'host.started', taskId: 't' },
      lost({ busy: true }),
    )
    executor.wait(100)
    expect(executor.take('fx.subscribe').at(-1)).toMatchObject({ tasks: [{ name: 't' }] })
    expect(executor.take('fx.exit')).toEqual([])
  })
})
