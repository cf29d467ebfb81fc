/** Applies entries to copies of the run, and records what they do. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { createCore } from '../../../journal/core/core.ts'
import type { Entry } from '../../../journal/journal.ts'
import { createRecorder } from '../../recording/recorder.ts'
import type { Scene } from './scene.ts'
import type { AppliedEntry } from './step-answer.ts'

/** Applies an entry, by default that of the run, to the state before it. */
export function applyEntry<M extends AnyStateMachine>(
  scene: Scene<M>,
  seq: number,
  entryAt: (seq: number) => Entry = scene.run.entryAt,
): AppliedEntry {
  if (seq === scene.run.firstSeq) return applyStart(scene, seq)
  for (const applied of applyEntries(scene, seq, seq, entryAt)) return applied
  throw new RangeError(`entry ${seq} was not applied`)
}

/** Applies entries one after the other to one copy. */
export function* applyEntries<M extends AnyStateMachine>(
  { run, start }: Scene<M>,
  from: number,
  to: number,
  entryAt: (seq: number) => Entry = run.entryAt,
): Generator<AppliedEntry> {
  const recorder = createRecorder()
  const core = run.travel.copyAt(from - 1, recorder.inspect)
  let before = run.travel.at(from - 1)
  for (let seq = from; seq <= to; seq++) {
    const entry = entryAt(seq)
    const outcome = core.apply(entry as Entry<EventFromLogic<M>>)
    const after = core.moment()
    const actor = start.machine.id
    const recording = recorder.take()
    yield { seq, now: entry.now, entry, actor, before, after, outcome, recording }
    before = after
  }
}

/** Enters the state that the run starts with. */
function applyStart<M extends AnyStateMachine>(
  { run, start }: Scene<M>,
  seq: number,
): AppliedEntry {
  const { machine, input, startedAt, from } = start
  const after = run.travel.at(seq)
  const common = { seq, now: after.now, entry: undefined, actor: machine.id, before: after, after }
  const nothing = { effects: [], facts: [], rejections: [] }
  const isBeginning = seq === 0 && from === undefined
  if (!isBeginning) {
    return { ...common, outcome: nothing, recording: { microsteps: [], sent: [] } }
  }
  const recorder = createRecorder({ isStart: true })
  const core = createCore(machine, { input, startMs: startedAt, inspect: recorder.inspect })
  const outcome = core.start()
  return { ...common, outcome, recording: recorder.take() }
}
