import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { meaningOf } from '../../parts/focus-keys.ts'
import type { RowPages } from '../../log/row-pages.ts'
import { hasModifier } from '../../parts/modifiers.ts'
import { useSize } from '../../parts/use-size.ts'
import type { Page } from '../../state/page.ts'
import { countText } from '../../text/figures.ts'
import { placedAt, reveal, type Heights } from './anchor.ts'
import { entryHeight, gapOf, headHeight, isNarrowFor, placeLanes } from './entry-layout.ts'
import { shownArrows, type LaneEntry, type ShownLanes } from './lane-entries.ts'
import { ArrowCard, type Pointed } from './arrow-card.tsx'
import { laneKeys } from './lane-keys.ts'
import { LaneHeads } from './lane-heads.tsx'
import { LaneRow } from './lane-row.tsx'
import { extend, type LanesState } from './lanes-state.ts'
import { arrowPlace, useDrag } from './pointing.ts'
import { useAnchor } from './use-anchor.ts'

export interface LaneListProps {
  readonly page: Page
  readonly state: LanesState
  /** The first entry, and their number. */
  readonly from: number
  readonly count: number
  readonly pages: RowPages<LaneEntry>
  readonly version: number
  readonly shown: ShownLanes
  readonly isFolded: boolean
}

/** Of an entry that is not loaded yet. */
const usualHeight = 90
const maxScrollHeight = 8_000_000

export function LaneList(props: LaneListProps) {
  const { page, state, from, count, pages, version, shown, isFolded } = props
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  const isIdleHidden = state.isIdleHidden.value
  const isNarrow = isNarrowFor(size.width)
  const layout = useMemo(() => {
    const arrowsAt = (index: number) => {
      const entry = pages.at(index)
      return entry && shownArrows(entry, shown, isFolded)
    }
    const gapAt = (index: number) =>
      gapOf(pages.at(index - 1)?.now, pages.at(index)?.now, isIdleHidden)
    const heightOf = (index: number) => {
      const arrows = arrowsAt(index)
      return arrows === undefined ? usualHeight : entryHeight(arrows.length, gapAt(index))
    }
    return { arrowsAt, gapAt, heightOf }
  }, [pages, version, shown, isFolded, isIdleHidden])
  const viewHeight = Math.max(0, size.height - headHeight)
  const heights: Heights = { count, viewHeight, heightOf: layout.heightOf }
  const scrollHeight = Math.min(maxScrollHeight, count * usualHeight) + headHeight
  const { anchor, move, onScroll, current } = useAnchor(box, heights, scrollHeight)
  const { gutter, ...places } = placeLanes(shown.lanes.length, size.width)
  const placed = placedAt(anchor, heights)
  const seq = page.seq.value

  const first = placed[0]?.index ?? 0
  const end = (placed.at(-1)?.index ?? 0) + 1
  useLayoutEffect(() => pages.want(Math.max(0, first - 1), end), [pages, first, end, version])
  useLayoutEffect(() => {
    if (viewHeight > 0 && seq >= from && seq < from + count)
      move(reveal(current(), seq - from, heights))
  }, [seq, viewHeight, from, pages.at(seq - from) === undefined, isFolded])

  const keys = (event: KeyboardEvent) => {
    if (hasModifier(event)) return
    const move = meaningOf(laneKeys, event.key)
    const range = state.range.value
    if (typeof move === 'number' && event.shiftKey)
      state.range.value = extend(range, seq, move, from + count - 1)
    else if (typeof move === 'number') page.go(seq + move)
    else if (move === 'only' && range !== undefined) {
      state.zoom.value = range
      state.range.value = undefined
    } else if (move === 'all' && (range ?? state.zoom.value) !== undefined) {
      if (range === undefined) state.zoom.value = undefined
      state.range.value = undefined
    } else return
    event.preventDefault()
  }
  const drag = useDrag(state, () => page.seq.peek(), page.go)
  const [pointed, setPointed] = useState<Pointed>()
  const point = (event: PointerEvent) => {
    const place =
      event.buttons === 0 && event.pointerType === 'mouse' ? arrowPlace(event) : undefined
    const arrow = place && layout.arrowsAt(place.seq - from)?.[place.arrow]
    if (arrow === undefined) setPointed(undefined)
    else if (arrow !== pointed?.arrow) setPointed({ arrow, x: event.clientX, y: event.clientY })
  }
  return (
    <>
      <div
        class={isNarrow ? 'lanes-scroll narrow' : 'lanes-scroll'}
        ref={box}
        role="group"
        aria-label="Lanes and their arrows"
        onScroll={onScroll}
        onKeyDown={keys}
        {...drag}
        onPointerOver={point}
        onPointerLeave={() => setPointed(undefined)}
      >
        <div
          class="lanes-space"
          style={{ height: `${scrollHeight}px`, width: `${places.width}px` }}
        >
          <div class="lanes-port" style={{ height: `${size.height}px` }}>
            <LaneHeads page={page} lanes={shown.lanes} places={places} gutter={gutter} />
            <div
              class="lanes-rows"
              role="listbox"
              tabIndex={0}
              aria-label={`Arrows of ${countText(count)} entries`}
              aria-multiselectable
              style={{ top: `${headHeight}px`, height: `${viewHeight}px` }}
            >
              {placed.map(({ index, top, height }) => (
                <LaneRow
                  key={from + index}
                  seq={from + index}
                  now={pages.at(index)?.now}
                  top={top}
                  height={height}
                  arrows={layout.arrowsAt(index)}
                  gap={layout.gapAt(index)}
                  page={page}
                  state={state}
                  shown={shown}
                  places={places}
                  gutter={gutter}
                />
              ))}
            </div>
          </div>
        </div>
        {count === 0 && <p class="empty">No entry yet.</p>}
      </div>
      {pointed !== undefined && <ArrowCard page={page} pointed={pointed} />}
    </>
  )
}
