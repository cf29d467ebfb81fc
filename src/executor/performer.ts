/** Performs the effects of the executor's machines: each becomes a stream of events. */
import { mergeMap } from 'rxjs'
import type { ObservableInput, OperatorFunction } from 'rxjs'
import type { EffectOf } from '../effects/effect-of.ts'
import type { Effect } from '../journal/core/outbox.ts'
import type { ExecutorMachineEvent } from '../machines/executor/events.ts'
import type { executorMachine } from '../machines/executor/executor.ts'

type ExecutorEffect = EffectOf<typeof executorMachine>

/** How each effect is performed; events of the returned stream go to the machine. */
export type Performers = {
  readonly [Each in ExecutorEffect as Each['type']]: (
    params: Each['params'],
  ) => ObservableInput<ExecutorMachineEvent>
}

/**
 * Performs effects in order; their streams run side by side.
 *
 * Next: the events of all streams. Error: of a stream, or for an effect that has no performer.
 * Complete: when the source and all streams have completed.
 */
export function performEffects(
  performers: Performers,
): OperatorFunction<Pick<Effect, 'type' | 'params'>, ExecutorMachineEvent> {
  return mergeMap(({ type, params }) => {
    if (!isKnown(performers, type)) throw new Error(`nothing performs the effect ${type}`)
    return performers[type](params as never)
  })
}

function isKnown(performers: Performers, type: string): type is keyof Performers {
  return Object.hasOwn(performers, type)
}
