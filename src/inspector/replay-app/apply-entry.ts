/** Applies one entry to a copy of the run. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { createCore } from '../../journal/core/core.ts'
import type { Entry } from '../../journal/journal.ts'
import type { Scene } from './scene.ts'
import type { AppliedEntry } from './step-answer.ts'

/** Applies an entry of the run to the state before it. */
export function applyEntry<M extends AnyStateMachine>(scene: Scene<M>, seq: number): AppliedEntry {
  const { run, start } = scene
  return seq === run.firstSeq ? applyStart(scene, seq) : applyTo(scene, run.entryAt(seq), start)
}

function applyTo<M extends AnyStateMachine>(
  { run }: Scene<M>,
  entry: Entry,
  { machine }: { readonly machine: M },
): AppliedEntry {
  const { seq, now } = entry
  const before = run.travel.at(seq - 1)
  const core = run.travel.copyAt(seq - 1)
  const outcome = core.apply(entry as Entry<EventFromLogic<M>>)
  return { seq, now, entry, actor: machine.id, before, after: core.moment(), outcome }
}

function applyStart<M extends AnyStateMachine>(
  { run, start }: Scene<M>,
  seq: number,
): AppliedEntry {
  const { machine, input, startedAt, from } = start
  const state = seq === 0 ? undefined : from?.state
  const core = createCore(machine, { input, startMs: startedAt, state })
  const outcome = core.start()
  const after = run.travel.at(seq)
  return { seq, now: after.now, entry: undefined, actor: machine.id, before: after, after, outcome }
}
