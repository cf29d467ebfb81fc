import { useEffect, useState } from 'preact/hooks'
import type { Page } from '../../state/page.ts'
import { roundOf } from '../../state/round.ts'
import type { Spans } from './task-rows.ts'

const pageTasks = 2000
/** Others are told by number only. */
const maxTasks = 10_000
/** The answer is large: it is asked for again every second round. */
const rounds = 2

export interface AllTasks {
  readonly total: number
  readonly tasks: readonly Spans[]
}

/** The tasks of the whole run; undefined until all have come. */
export function useTasks(page: Page): AllTasks | undefined {
  const app = page.app.value
  const [all, setAll] = useState<{ readonly app: string; readonly all: AllTasks }>()
  const round = app && Math.floor(roundOf(app) / rounds)
  useEffect(() => {
    if (app === undefined) return
    let isGone = false
    void load(page, () => isGone).then((next) => {
      if (next !== undefined) setAll({ app: app.id, all: next })
    })
    return () => {
      isGone = true
    }
  }, [app?.id, round])
  return all?.app === app?.id ? all?.all : undefined
}

async function load(page: Page, isGone: () => boolean): Promise<AllTasks | undefined> {
  const tasks: Spans[] = []
  try {
    while (!isGone()) {
      const answer = await page.askApp('tasks', { offset: tasks.length, count: pageTasks })
      tasks.push(...answer.tasks)
      const isAll = answer.tasks.length === 0 || tasks.length >= Math.min(answer.total, maxTasks)
      if (isAll && !isGone()) return { total: answer.total, tasks }
    }
  } catch {
    // The next round asks again.
  }
  return undefined
}
