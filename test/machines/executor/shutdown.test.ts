import { describe, expect, it } from 'vitest'
import { good, grouped, launch, lost, run, shutdown, subscribed } from './run-executor.ts'

describe('executorMachine', () => {
  it('kills its tasks on shutdown within half of the grace', () => {
    const executor = run()
    executor.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    executor.tell(shutdown)
    executor.wait(2500)
    expect(executor.take('fx.killHost')).toEqual([
      { taskId: 't', signal: 'SIGTERM' },
      { taskId: 't', signal: 'SIGKILL' },
    ])
    executor.wait(1500)
    expect(executor.take('fx.exit')).toEqual([{ exitStatus: 0, message: 'bye' }])
  })

  it('sends the last updates of a shutdown without a subscription, too', () => {
    const executor = run({ checkpoint: true })
    executor.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' }, lost(), shutdown)
    executor.take('fx.sendUpdate')
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(executor.take('fx.sendUpdate')).toMatchObject([{ update: { state: 'TASK_KILLED' } }])
  })

  it('launches no task after the shutdown began, and keeps its first reason', () => {
    const executor = run()
    executor.tell(subscribed, launch('t'), shutdown, launch('u'), { ...shutdown, message: 'again' })
    expect(executor.children).toEqual(['task.t'])
    executor.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(executor.take('fx.exit')).toEqual([{ exitStatus: 0, message: 'bye' }])
  })

  it('counts the grace of a shutdown once for a group', () => {
    const executor = run()
    executor.tell(subscribed, grouped('t'), grouped('u'), shutdown)
    executor.take('fx.killHost')
    executor.tell({ type: 'host.exited', taskId: 't', outcome: { ...good, ok: false } })
    expect(executor.take('fx.killHost')).toEqual([])
  })
})
