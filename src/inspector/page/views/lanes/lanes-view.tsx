import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Lane } from '../../../protocol/questions.ts'
import { createRowPages } from '../../log/row-pages.ts'
import { useSize } from '../../parts/use-size.ts'
import type { Page } from '../../state/page.ts'
import { fitsWidth } from './entry-layout.ts'
import { entriesOf, mergeLanes, shownLanes, type LaneEntry } from './lane-entries.ts'
import { LaneList } from './lane-list.tsx'
import { LanesBar } from './lanes-bar.tsx'
import { createLanesState } from './lanes-state.ts'

const state = createLanesState()

/** Who sent what to whom, from top to bottom. */
export function LanesView({ page }: { readonly page: Page }) {
  const app = page.app.value
  const id = app?.id
  const zoom = state.zoom.value
  const from = Math.max(zoom?.from ?? 0, (app?.firstSeq ?? 0) + 1)
  const last = app?.lastSeq ?? 0
  const count = Math.max(0, Math.min(zoom?.to ?? last, last) - from + 1)
  const [known, setKnown] = useState<Known>(nothing)

  useEffect(() => {
    setKnown(nothing)
    state.range.value = undefined
    return () => (state.zoom.value = undefined)
  }, [id])
  const pages = useMemo(() => {
    const load = async (first: number, size: number): Promise<readonly LaneEntry[]> => {
      const start = from + first
      const end = Math.min(start + size - 1, page.app.peek()?.lastSeq ?? 0)
      const answer = await page.askApp('lanes', { from: start, to: end })
      // A late answer says nothing of an app that was chosen meanwhile.
      if (page.app.peek()?.id === id)
        setKnown((earlier) => learn(earlier, answer.lanes, answer.arrows))
      return entriesOf(answer, start, end - start + 1)
    }
    return createRowPages(load, count)
  }, [id, from])
  useEffect(() => pages.grow(count, page.isFollowing.value), [pages, count])

  const frame = useRef<HTMLDivElement>(null)
  const { width } = useSize(frame)
  const isFolded = useMemo(() => {
    const whole = shownLanes(known.lanes, { isFolded: false, used: known.used })
    return state.isFolded.value ?? !fitsWidth(whole.lanes.length, width)
  }, [known, width, state.isFolded.value])
  const shown = useMemo(
    () => shownLanes(known.lanes, { isFolded, used: known.used }),
    [known, isFolded],
  )
  return (
    <div class="lanes" ref={frame}>
      <LanesBar
        page={page}
        state={state}
        isFolded={isFolded}
        timeOf={(seq) => pages.at(seq - from)?.now}
      />
      <LaneList
        page={page}
        state={state}
        from={from}
        count={count}
        pages={pages}
        version={pages.version.value}
        shown={shown}
        isFolded={isFolded}
      />
    </div>
  )
}

interface Known {
  readonly lanes: readonly Lane[]
  readonly used: ReadonlySet<string>
}

const nothing: Known = { lanes: [], used: new Set() }

function learn(
  { lanes, used }: Known,
  more: readonly Lane[],
  arrows: readonly { readonly from: string; readonly to: string }[],
): Known {
  const ends = arrows.flatMap(({ from, to }) => [from, to]).filter((lane) => !used.has(lane))
  const all = mergeLanes(lanes, more)
  if (ends.length === 0 && all === lanes) return { lanes, used }
  return { lanes: all, used: new Set([...used, ...ends]) }
}
