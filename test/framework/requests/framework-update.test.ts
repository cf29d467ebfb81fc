import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import type { FrameworkFact } from '../../../src/framework/facts/events.ts'
import { createUpdateFramework } from '../../../src/framework/requests/framework-update.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { settle } from '../support/fake-connection.ts'

function given() {
  const run = new Subject<FrameworkFact>()
  const events: SchedulerInboxEvent[] = []
  const framework = { user: 'u', name: 'n', roles: ['a'] }
  const update = createUpdateFramework(run, async () => ({
    dispatch: (event) => void events.push(event),
    description: { framework },
  }))
  return { run, events, update, accept: () => run.next({ type: 'framework.updated', at: 1 }) }
}

describe('update', () => {
  it('sends the whole description, and resolves when the master has accepted it', async () => {
    const { update, events, accept } = given()
    const done = update({ roles: ['a', 'b'], failoverTimeoutMs: 2000 })
    await settle()
    expect(events).toEqual([
      {
        type: 'framework.update',
        description: {
          framework: { user: 'u', name: 'n', roles: ['a', 'b'], failoverTimeout: 2 },
        },
      },
    ])
    accept()
    await done
  })

  it('makes one change at a time, also after one that the master refused', async () => {
    const { update, events, run, accept } = given()
    const error = new JarcastError('CALL_REJECTED', 'no')
    const first = update({ name: 'x' })
    const second = update({ name: 'y' })
    await settle()
    expect(events).toHaveLength(1)
    run.next({ type: 'framework.updateFailed', at: 1, error })
    await expect(first).rejects.toBe(error)
    await settle()
    expect(events).toHaveLength(2)
    accept()
    await second
  })

  it('rejects at the end of the run', async () => {
    const { update, run } = given()
    const stopped = new JarcastError('FRAMEWORK_STOPPED', 'over')
    const done = update({ name: 'x' })
    await settle()
    run.error(stopped)
    await expect(done).rejects.toBe(stopped)
  })

  it('refuses what Mesos would refuse, before it is sent', async () => {
    const { update, events } = given()
    for (const changes of [
      { roles: ['two words'] },
      { failoverTimeoutMs: -1 },
      { name: 'x'.repeat(6e6) },
    ])
      await expect(update(changes)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(events).toEqual([])
  })
})
