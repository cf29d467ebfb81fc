import { describe, expect, it } from 'vitest'
import { planTasks } from '../../../src/cli/plan/make-plan.ts'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

const task = (id: string, cpus: number, more: Partial<TaskRequest> = {}): TaskRequest => ({
  id,
  work: { kind: 'shell', command: 'true' },
  resources: { cpus, memMb: 32 },
  ...more,
})
const executor = { name: 'e', command: {}, resources: { cpus: 0.1, memMb: 64 } }

describe('planTasks', () => {
  it('says which tasks fit now, later, and nowhere', () => {
    const tasks = [task('a', 1.5), task('b', 1.5), task('huge', 64)]
    expect(planTasks(tasks, [offer('o1', { hostname: 'east' })], undefined)).toMatchObject([
      { taskId: 'a', fits: 'now', hostname: 'east' },
      { taskId: 'b', fits: 'later' },
      {
        taskId: 'huge',
        fits: 'never',
        why: expect.stringMatching(/64 cpus.*best agent, east, has 2 cpus/),
      },
    ])
  })

  it("counts the executor's share", () => {
    const [planned] = planTasks([task('a', 2)], [offer('o1')], { executor })
    expect(planned).toMatchObject({
      fits: 'never',
      why: expect.stringContaining('2.1 cpus (0.1 for its executor)'),
    })
  })

  it('places a group as a whole', () => {
    const group = [task('a', 1.5, { group: 'g' }), task('b', 1.5, { group: 'g' })]
    const planned = planTasks(group, [offer('o1'), offer('o2', { agent: 'a2' })], { executor })
    expect(planned.map(({ fits }) => fits)).toEqual(['never', 'never'])
  })

  it('fits no agent where there is none', () => {
    expect(planTasks([task('a', 1)], [], undefined)).toMatchObject([{ fits: 'never' }])
  })
})
