/** What the questions about a program's frames share. */
import type { AnyStateMachine } from 'xstate'
import { isFailingType } from '../../effects/failing-type.ts'
import { stateLine } from '../state-line.ts'
import type { Charts } from '../chart/charts.ts'
import type { FrameStep, FrameStore, StoredActor } from './frame-store.ts'
import type { FrameSnapshot } from '../protocol/frames.ts'

/** What is used of `Charts`. */
export type FrameCharts = Pick<Charts, 'addDefinition' | 'has' | 'machineOf' | 'chart'>

export interface FrameScene {
  readonly store: FrameStore
  readonly charts: FrameCharts
  /** Of the definitions of the store's actors: finding one takes a hash of the whole text. */
  readonly chartIds: Map<string, string>
}

/** Label of an actor by its session. */
export function labelIn({ store }: Pick<FrameScene, 'store'>, session: string): string {
  return store.actors.get(session)?.label ?? session
}

/** State as one line; the status of an actor that is no machine. */
export function lineOf({ value, status }: FrameSnapshot): string {
  return value === undefined ? (status ?? 'active') : stateLine(value).slice(0, 1000)
}

/** State of a step's actor before and after it, as one line; undefined while there is none. */
export function linesOf(
  { store }: Pick<FrameScene, 'store'>,
  { actor, seq }: Pick<FrameStep, 'actor' | 'seq'>,
): { readonly from: string | undefined; readonly to: string | undefined } {
  const [before, after] = [store.snapshotAt(actor, seq - 1), store.snapshotAt(actor, seq)]
  return { from: before && lineOf(before), to: after && lineOf(after) }
}

export function isFailure(step: FrameStep): boolean {
  return isFailingType(step.event.type)
}

/** Id of an actor's chart. An actor without a state value is no machine. */
export function chartIdOf(
  { charts, chartIds }: FrameScene,
  actor: StoredActor,
): string | undefined {
  const { definition, states } = actor
  if (definition === undefined || states[0]?.snapshot.value === undefined) return undefined
  const known = chartIds.get(definition)
  // It may have been dropped for definitions of other programs.
  if (known !== undefined && charts.has(known)) return known
  const id = charts.addDefinition(definition)
  chartIds.set(definition, id)
  return id
}

export function machineOf(scene: FrameScene, actor: StoredActor): AnyStateMachine | undefined {
  const id = chartIdOf(scene, actor)
  return id === undefined ? undefined : scene.charts.machineOf(id)
}
