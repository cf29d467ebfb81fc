/** States of tasks over time, as a lens tells them step by step. */
import { quietly } from '../../value/hostile.ts'
import type { Lens, LensStep } from '../../protocol/lens.ts'
import type { TaskSpans } from '../../protocol/lens-views.ts'

interface Span {
  readonly state: string
  readonly from: number
  to?: number
}

interface Task {
  readonly id: string
  name: string
  host?: string
  readonly spans: Span[]
}

const maxTasks = 100_000
const maxSpans = 100
const maxAnswer = 2000

/** Undefined for a lens that knows no tasks. */
export function createTaskSpans({ taskChanges }: Lens) {
  if (taskChanges === undefined) return undefined
  const tasks = new Map<string, Task>()

  function taskOf(id: string): Task | undefined {
    let task = tasks.get(id)
    if (task === undefined && tasks.size < maxTasks) {
      task = { id, name: id, spans: [] }
      tasks.set(id, task)
    }
    return task
  }

  return {
    add: (step: LensStep): void => {
      for (const { id, name, host, state, isEnd } of quietly(() => taskChanges(step)) ?? []) {
        const task = taskOf(id)
        if (task === undefined) continue
        if (name !== undefined) task.name = name
        if (host !== undefined) task.host = host
        const last = task.spans.at(-1)
        if (last?.state === state || task.spans.length >= maxSpans) continue
        if (last !== undefined) last.to ??= step.now
        task.spans.push({ state, from: step.now, ...(isEnd && { to: step.now }) })
      }
    },
    answer(offset: number, count: number): TaskSpans {
      const shown = [...tasks.values()].slice(offset, offset + Math.min(count, maxAnswer))
      return { total: tasks.size, tasks: structuredClone(shown) }
    },
  }
}
