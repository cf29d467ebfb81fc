import type { AnyStateMachine } from 'xstate'
import type { EffectAnswers } from '../../../effects/answer.ts'
import type { Lens } from '../../protocol/lens.ts'
import type { describeEvents } from './rows.ts'
import type { Run } from '../run/run.ts'
import type { RunStart } from '../run/time-travel.ts'

/** What the answers about a run are made of. */
export interface Scene<M extends AnyStateMachine = AnyStateMachine> {
  readonly run: Run<M>
  readonly start: RunStart<M>
  readonly events: ReturnType<typeof describeEvents>
  readonly lens: Lens
  /** Undefined for a machine without a table of them. */
  readonly answers?: EffectAnswers | undefined
}
