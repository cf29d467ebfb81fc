import type { ObservableInput, OperatorFunction } from 'rxjs'
import { concatMapBounded } from './concat-map-bounded.ts'

/**
 * Maps one value at a time; of the values that arrive meanwhile, keeps only the latest. For work
 * that reads the current state after each change: many changes in a row cost two runs.
 *
 * Next: those of `project(value)`. Error: of the source or a projection, at once. Complete: after
 * the source, when the last projection has completed.
 */
export function exhaustLatest<T, R>(
  project: (value: T) => ObservableInput<R>,
): OperatorFunction<T, R> {
  return concatMapBounded(project, { limit: 1, overflow: 'dropOldest' })
}
