import type { Lane } from '../../../protocol/questions.ts'
import type { Page } from '../../state/page.ts'
import type { LanePlaces } from './entry-layout.ts'

/** Names of the lanes above their lines. A machine's name chooses its actor. */
export function LaneHeads({
  page,
  lanes,
  places,
  gutter,
}: {
  readonly page: Page
  readonly lanes: readonly Lane[]
  readonly places: LanePlaces
  readonly gutter: number
}) {
  const { laneWidth, xOf } = places
  return (
    <>
      <div class="lane-heads">
        <span class="lane-corner" style={{ width: `${gutter}px` }} />
        {lanes.map(({ id, label, kind }, index) => {
          const style = { left: `${xOf(index) - laneWidth / 2}px`, width: `${laneWidth}px` }
          return kind === 'outside' ? (
            <span key={id} class="lane-head from-outside" style={style} title={label}>
              {label}
            </span>
          ) : (
            <button
              key={id}
              type="button"
              class="lane-head"
              style={style}
              title={`${label}: choose this actor`}
              aria-pressed={page.actor.value === id}
              onClick={() => (page.actor.value = id)}
            >
              {label}
            </button>
          )
        })}
      </div>
      <div aria-hidden="true">
        {lanes.map(({ id, kind }, index) => (
          <i
            key={id}
            class={kind === 'outside' ? 'lane-line from-outside' : 'lane-line'}
            style={{ left: `${xOf(index)}px` }}
          />
        ))}
      </div>
    </>
  )
}
