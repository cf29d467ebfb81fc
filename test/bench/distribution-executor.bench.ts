/** What an executor costs its host before its first task, and while it has none. */
import { executorMemory, executorStart } from './distribution/executor-start.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* executorMemory()
  yield* executorStart()
}
