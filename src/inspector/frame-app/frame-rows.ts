/** Lines of the event log, from frames. */
import { cutText } from '../cut-text.ts'
import type { App, Row } from '../protocol/questions.ts'
import { timerLabel } from '../replay-app/answers/rows.ts'
import { isFailure, labelIn, linesOf } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'

const maxRows = 500

export function frameRowQuestions(scene: FrameScene): Pick<App, 'rows' | 'rowsOf'> {
  const { store } = scene
  const rowsOf = (seqs: readonly number[]): readonly Row[] =>
    seqs
      .slice(0, maxRows)
      .flatMap((seq) => store.step(seq) ?? [])
      .map((step) => frameRow(scene, step))
  return {
    rows: ({ from, count }) =>
      rowsOf(Array.from({ length: Math.min(count, maxRows) }, (_, index) => from + index)),
    rowsOf: ({ seqs }) => rowsOf(seqs),
  }
}

function frameRow(scene: FrameScene, step: FrameStep): Row {
  const { seq, now, kind, actor, source, event, microsteps } = step
  const { type } = event
  const { from, to } = linesOf(scene, step)
  const label = labelIn(scene, actor)
  return {
    seq,
    now,
    type: cutText(type),
    actor: label,
    label: timerLabel(type),
    ...(source !== undefined && { source: labelIn(scene, source) }),
    ...(kind === 'event' && isFailure(step) && { isFailure: true }),
    ...(isTimer(type) && { isTimer: true }),
    ...(microsteps.length > 0 && { effects: actionsOf(step) }),
    changed: from === to ? [] : [label],
  }
}

export function isTimer(type: string): boolean {
  return type.startsWith('xstate.after.')
}

function actionsOf({ microsteps }: FrameStep): readonly string[] {
  return microsteps
    .flatMap(({ microstep }) => microstep.actions.map(({ type }) => type))
    .slice(0, 16)
}
