import type { ObservableInput, OperatorFunction } from 'rxjs'
import { concatMapBounded } from './concat-map-bounded.ts'

/**
 * Maps one value at a time; of those that come meanwhile, only the latest waits. For work that
 * looks at the present state after each change: a storm of changes costs two looks.
 *
 * Next: those of `project(value)`. Error: of the source or a projection, at once. Complete: after
 * the source, when the last projection has.
 */
export function exhaustLatest<T, R>(
  project: (value: T) => ObservableInput<R>,
): OperatorFunction<T, R> {
  return concatMapBounded(project, { limit: 1, overflow: 'dropOldest' })
}
