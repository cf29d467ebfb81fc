/** How the next version of a large library gets to a host that has the one before. */
import { delta } from './distribution/delta.ts'
import type { Figure } from './measure.ts'

export async function* figures(): AsyncGenerator<Figure> {
  yield* delta()
}
