import type { Signal } from '@preact/signals'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { groupBy } from '../../../../group-by.ts'
import { windowOf } from '../../parts/list-window.ts'
import { useSize } from '../../parts/use-size.ts'
import { piecesOf, type Match } from './find-text.ts'

const rowHeight = 18

/** Lines of one height, of which those in view are in the document. They scroll to the side. */
export function FileLines({
  lines,
  label,
  matches,
  chosen,
  isFollowing,
  scroll,
}: {
  readonly lines: readonly string[]
  readonly label: string
  readonly matches: readonly Match[]
  /** Index of the match that is shown. */
  readonly chosen: number
  readonly isFollowing: Signal<boolean>
  /** Gets a function that shows a line. */
  readonly scroll: { current: (line: number) => void }
}) {
  const box = useRef<HTMLDivElement>(null)
  const { height: viewHeight } = useSize(box)
  const [top, setTop] = useState(0)
  const size = { count: lines.length, rowHeight, viewHeight }
  const window = windowOf(size, top)
  const scrollTo = (place: number) => {
    const element = box.current
    if (element === null) return
    element.scrollTop = place
    setTop(element.scrollTop)
  }
  scroll.current = (line) => scrollTo(Math.max(0, line * rowHeight - viewHeight / 2))
  useLayoutEffect(() => {
    if (isFollowing.value) scrollTo(window.height)
  }, [lines, isFollowing.value, viewHeight])
  const byLine = useMemo(() => {
    const numbered = matches.map((match, index) => ({ ...match, index }))
    return groupBy(numbered, ({ line }) => line)
  }, [matches])
  return (
    <div
      class="lines"
      ref={box}
      role="log"
      aria-label={label}
      aria-live="off"
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onWheel={(event) => {
        if (event.deltaY < 0) isFollowing.value = false
      }}
    >
      <div class="lines-space" style={{ height: `${window.height}px` }}>
        <pre style={{ transform: `translateY(${window.top}px)` }}>
          {lines.slice(window.first, window.end).map((line, each) => (
            <Line
              key={each}
              line={line}
              matches={byLine.get(window.first + each)}
              chosen={chosen}
            />
          ))}
        </pre>
      </div>
    </div>
  )
}

/** A longer line is cut: a browser lays out no line of a megabyte. */
const maxShown = 4000

function Line({
  line,
  matches = [],
  chosen,
}: {
  readonly line: string
  readonly matches: readonly (Match & { readonly index: number })[] | undefined
  readonly chosen: number
}) {
  const shown = line.length > maxShown ? `${line.slice(0, maxShown)} …` : line
  return (
    <div class="line">
      {piecesOf(
        shown,
        matches.filter(({ to }) => to <= maxShown),
      ).map(({ text, match }, index) =>
        match === undefined ? (
          text
        ) : (
          <mark key={index} class={match === chosen ? 'chosen' : ''}>
            {text}
          </mark>
        ),
      )}
      {'\n'}
    </div>
  )
}
