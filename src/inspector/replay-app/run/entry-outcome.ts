/** What a replay tells of one entry, for its row. */
import type { AnyStateMachine } from 'xstate'
import type { Core } from '../../../journal/core/core.ts'
import type { CoreMoment } from '../../../journal/core/moment.ts'
import type { Outcome } from '../../../journal/core/outcome.ts'
import type { ScheduledEvent } from '../../../journal/core/timers.ts'
import type { Entry } from '../../../journal/journal.ts'
import { changedIds } from './actor-changes.ts'
import type { EntryOutcome } from './run-index.ts'

type AnyOutcome = Outcome<AnyStateMachine>

/** Watches a core that takes entries: `before` and `after` are called around each. */
export function createOutcomeWatch(core: Core<AnyStateMachine>) {
  let moment = core.moment()
  let timer: string | undefined
  return {
    before(entry: Entry): void {
      timer = entry.event === undefined ? firstDue(moment, entry.now)?.event.type : undefined
    },
    after({ effects, facts, rejections }: AnyOutcome): EntryOutcome {
      const { tree } = moment
      moment = core.moment()
      return {
        timer,
        isRejected: rejections.length > 0,
        effects: [...effects, ...facts].map(({ type }: { type: string }) => type),
        changed: changedIds(tree, moment.tree),
      }
    },
    get moment(): CoreMoment {
      return moment
    },
  }
}

/** The timer that fires first at `now`, if one does. */
export function firstDue({ timers }: CoreMoment, now: number): ScheduledEvent | undefined {
  let first: ScheduledEvent | undefined
  for (const timer of timers) {
    if (timer.due <= now && (first === undefined || timer.due < first.due)) first = timer
  }
  return first
}
