import type { Arrow } from '../../../protocol/questions.ts'
import type { Page } from '../../state/page.ts'
import { countText } from '../../text/figures.ts'
import { clockText, durationText } from '../../text/time.ts'
import { placeArrow, rowHeight, type Gap, type LanePlaces } from './entry-layout.ts'
import type { ShownLanes } from './lane-entries.ts'
import type { LanesState } from './lanes-state.ts'

export interface LaneRowProps {
  readonly seq: number
  readonly now: number | undefined
  readonly top: number
  readonly height: number
  /** Undefined until they are loaded. */
  readonly arrows: readonly Arrow[] | undefined
  readonly gap: Gap | undefined
  readonly page: Page
  readonly state: LanesState
  readonly shown: ShownLanes
  readonly places: LanePlaces
  readonly gutter: number
}

/** One entry: idle time before it, its number and time, and its arrows from top to bottom. */
export function LaneRow(props: LaneRowProps) {
  const { seq, now, top, height, arrows, gap, page, state, shown, places, gutter } = props
  const chosen = page.seq.value
  const range = state.range.value
  const isInRange = range !== undefined && seq >= range.from && seq <= range.to
  const words = ['lane-entry', seq > chosen && 'later', isInRange && 'in-range']
  const gapHeight = gap?.height ?? 0
  return (
    <div
      class={words.filter(Boolean).join(' ')}
      role="option"
      id={`lane-${seq}`}
      aria-selected={seq === chosen || isInRange}
      data-seq={seq}
      style={{
        height: `${height}px`,
        width: `${places.width}px`,
        transform: `translateY(${top}px)`,
      }}
    >
      {gap !== undefined && (
        <div class="lane-gap" style={{ height: `${gapHeight}px` }}>
          <span>
            {durationText(gap.ms)}
            {gap.isCut ? '' : ' idle'}
          </span>
        </div>
      )}
      <div class="lane-body" style={{ top: `${gapHeight}px` }}>
        <div class="lane-gutter" style={{ width: `${gutter}px` }}>
          <span class="seq">#{seq}</span>
          {now !== undefined && <span class="time">{clockText(now)}</span>}
        </div>
        {arrows?.map((arrow, index) => (
          <ArrowLine key={index} index={index} arrow={arrow} shown={shown} places={places} />
        ))}
      </div>
    </div>
  )
}

function ArrowLine({
  arrow,
  index,
  shown,
  places,
}: {
  readonly arrow: Arrow
  readonly index: number
  readonly shown: ShownLanes
  readonly places: LanePlaces
}) {
  const place = placeArrow(shown.indexOf(arrow.from), shown.indexOf(arrow.to), places)
  const { left, width, points, labelWidth } = place
  const words = [
    'arrow',
    arrow.kind,
    points,
    arrow.isFailure === true && 'failed',
    arrow.isRejected === true && 'rejected',
  ]
  const side =
    place.label === 'from left'
      ? { left: `${left + (points === 'loop' ? width + 4 : 8)}px` }
      : { right: `${places.width - left - (points === 'loop' ? -6 : width - 8)}px` }
  return (
    <div
      class={words.filter(Boolean).join(' ')}
      style={{ top: `${index * rowHeight}px` }}
      data-arrow={index}
    >
      <i style={{ left: `${left}px`, width: `${width}px` }} />
      <span class="arrow-label" style={{ ...side, maxWidth: `${labelWidth}px` }}>
        {arrow.isRejected === true && 'rejected: '}
        {arrow.delayMs !== undefined && `in ${durationText(arrow.delayMs)}: `}
        {arrow.kind === 'event' && <b>{arrow.type}</b>} {detailOf(arrow)}
        {arrow.count !== undefined && ` ×${countText(arrow.count)}`}
        <span class="unseen">
          {arrow.kind} from {arrow.from} to {arrow.to}
        </span>
      </span>
    </div>
  )
}

function detailOf({ kind, type, label }: Arrow): string {
  return kind === 'event' && label === type ? '' : label
}
