/** Every step of a run, one after the other. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { createCore } from '../../journal/core/core.ts'
import { isEntry } from '../../journal/journal.ts'
import type { JournalRecord } from '../../journal/journal.ts'
import type { Step } from '../protocol/step.ts'
import { createRecorder } from '../recording/recorder.ts'
import { toPlainJson } from '../value/plain-json.ts'
import type { PlainJson } from '../value/plain-json.ts'
import { stepOf } from './answers/step-answer.ts'
import type { RunStart } from './run/time-travel.ts'

/** A step as JSON: the values in it are what they stand for. */
export type StepJson = PlainJson<Step>

/**
 * Replays a run, and tells all about its start and each entry: why, effects, differences. Results
 * of effects are not told, since they are in later entries. Of entries before `fromSeq` nothing is
 * told, and they cost no more than in any replay.
 */
export function* replaySteps<M extends AnyStateMachine>(
  { machine, input, startedAt, from }: RunStart<M>,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  fromSeq = 0,
): Generator<StepJson> {
  const first = from?.seq ?? 0
  let isRecorded = fromSeq <= first
  const recorder = createRecorder({ isStart: from === undefined && isRecorded })
  const quiet = { input, startMs: startedAt }
  const recorded = { ...quiet, inspect: recorder.inspect }
  let core = createCore(machine, { ...(isRecorded ? recorded : quiet), state: from?.state })
  const actor = machine.id
  const started = core.start()
  let before = core.moment()
  const told = (parts: Omit<Parameters<typeof stepOf>[0], 'actor' | 'recording' | 'after'>) => {
    const after = core.moment()
    const step = stepOf({ ...parts, actor, after, recording: recorder.take() }, () => ({}))
    before = after
    return toPlainJson(step)
  }
  if (isRecorded)
    yield told({ seq: first, now: core.now(), entry: undefined, before, outcome: started })
  for (const record of records) {
    if (!isEntry(record) || record.seq <= first) continue
    const { seq, now } = record
    if (seq < fromSeq) {
      core.apply(record)
      continue
    }
    if (!isRecorded) {
      core = createCore(machine, { ...recorded, moment: core.moment() })
      core.start()
      before = core.moment()
      isRecorded = true
    }
    yield told({ seq, now, entry: record, before, outcome: core.apply(record) })
  }
}
