import type { CoreMoment } from '../../../journal/core/moment.ts'
import type { Lens } from '../../protocol/lens.ts'
import type { Moment } from '../../protocol/questions.ts'
import { quietly } from '../../value/hostile.ts'
import { actorsAt, timersAt } from './actors-at.ts'
import { snapshotView } from './snapshot-view.ts'

/** What the page gets of a moment. A lens that throws says nothing. */
export function momentOf(
  moment: CoreMoment,
  { seq, now }: Pick<Moment, 'seq' | 'now'>,
  lens: Lens,
): Moment {
  const stages = quietly(() => lens.stages?.(snapshotView(moment)))
  return {
    seq,
    now,
    actors: actorsAt(moment),
    timers: timersAt(moment),
    ...(stages !== undefined && { stages }),
  }
}
