/** How much of the heap one task keeps, after a full collection. */
import { createFramework } from '../../../src/framework/framework.ts'
import { heapBytes } from '../support/heap.ts'
import type { Figure } from '../support/measure.ts'
import { startScriptedMaster } from '../support/scripted-master.ts'
import { launchTasks, startGateway, submitTasks, updateTasks } from './filled-scheduler.ts'

const tasks = 100_000
const limit = { atMost: 1024 }

export async function* heapPerTask(): AsyncGenerator<Figure> {
  yield* inScheduler()
  yield await inFramework()
}

/** In the scheduler alone, from the submission to the outcome that a run with a journal remembers. */
function* inScheduler(): Generator<Figure> {
  const scheduler = startGateway({ remembersOutcomes: true })
  const figureOf = growthFrom()
  submitTasks(scheduler, tasks)
  yield figureOf('pending')
  launchTasks(scheduler, tasks)
  updateTasks(scheduler, tasks, 'TASK_RUNNING')
  yield figureOf('running')
  updateTasks(scheduler, tasks, 'TASK_FINISHED')
  yield figureOf('finished and remembered')
  scheduler.stop()
}

/** All that a process keeps for `framework.run`, while the task waits. */
async function inFramework(): Promise<Figure> {
  const master = await startScriptedMaster()
  const framework = createFramework({ master: master.url })
  await framework.start()
  const figureOf = growthFrom()
  const work = { kind: 'shell', command: 'true' } as const
  const submitted = new Promise<void>((resolve) => {
    framework.state$.subscribe(({ taskCount }) => {
      if (taskCount === tasks) resolve()
    })
  })
  const runs = Array.from({ length: tasks }, () =>
    framework.run({ work, resources: { cpus: 999 } }),
  )
  await submitted
  const figure = figureOf('waiting in framework.run')
  const ended = Promise.allSettled(runs)
  await framework.stop()
  await ended
  master.close()
  return figure
}

/** Returns the figure of what the heap has grown by since now. */
function growthFrom(): (state: string) => Figure {
  const before = heapBytes()
  return (state) => ({
    case: `heap per task, ${tasks} ${state}`,
    value: (heapBytes() - before) / tasks,
    unit: 'bytes',
    limit,
  })
}
