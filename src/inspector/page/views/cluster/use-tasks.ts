import { useEffect, useState } from 'preact/hooks'
import type { Page } from '../../state/page.ts'
import type { Spans } from './task-rows.ts'

const pageTasks = 2000
/** Others are told by number only. */
const maxTasks = 10_000
/** A run that goes on is asked again. Ms of its time. */
const everyMs = 2000

export interface AllTasks {
  readonly total: number
  readonly tasks: readonly Spans[]
}

/** The tasks of the whole run; undefined until the first have come. */
export function useTasks(page: Page): AllTasks | undefined {
  const app = page.app.value
  const [all, setAll] = useState<{ readonly app: string; readonly all: AllTasks }>()
  const round = app === undefined ? 0 : app.isOver ? app.lastSeq : Math.floor(app.now / everyMs)
  useEffect(() => {
    if (app === undefined) return
    let isGone = false
    void load(page, (next) => {
      if (!isGone) setAll({ app: app.id, all: next })
      return !isGone
    })
    return () => {
      isGone = true
    }
  }, [app?.id, round])
  return all?.app === app?.id ? all?.all : undefined
}

async function load(page: Page, show: (all: AllTasks) => boolean): Promise<void> {
  const tasks: Spans[] = []
  try {
    for (;;) {
      const answer = await page.askApp('tasks', { offset: tasks.length, count: pageTasks })
      tasks.push(...answer.tasks)
      const isAll = answer.tasks.length === 0 || tasks.length >= Math.min(answer.total, maxTasks)
      if (isAll) show({ total: answer.total, tasks })
      if (isAll) return
    }
  } catch {
    // The next round asks again.
  }
}
