/** The arrows of a run, entry by entry. */
import { groupBy } from '../../../../group-by.ts'
import type { Arrow, Lane, Questions } from '../../../protocol/questions.ts'

export interface LaneEntry {
  readonly seq: number
  /** Ms since the epoch. Missing for an entry without an arrow. */
  readonly now?: number
  readonly arrows: readonly Arrow[]
}

/** One for each of `count` entries from `from` on, as far as the run goes. */
export function entriesOf(
  { arrows }: Pick<Questions['lanes']['answer'], 'arrows'>,
  from: number,
  count: number,
): readonly LaneEntry[] {
  const bySeq = groupBy(arrows, ({ seq }) => seq)
  return Array.from({ length: count }, (_, index) => {
    const seq = from + index
    const own = bySeq.get(seq) ?? []
    const now = own[0]?.now
    return { seq, arrows: own, ...(now !== undefined && { now }) }
  })
}

/** More lanes than this are too narrow to read, even scrolled. */
const maxLanes = 64

/** Lanes as they become known: outside ones first, then machines, each in order of appearance. */
export function mergeLanes(known: readonly Lane[], more: readonly Lane[]): readonly Lane[] {
  const ids = new Set(known.map(({ id }) => id))
  const added = more.filter(({ id }) => !ids.has(id))
  if (added.length === 0) return known
  const all = [...known, ...added]
  const isOutside = ({ kind }: Lane) => kind === 'outside'
  return [...all.filter(isOutside), ...all.filter((lane) => !isOutside(lane))]
}

export interface LaneChoice {
  /** One lane for all machines: only what comes in and goes out is shown. */
  readonly isFolded: boolean
  /** Lanes with at least one arrow so far. */
  readonly used: ReadonlySet<string>
}

/** The lanes to draw, and the lane that stands for each id. */
export interface ShownLanes {
  readonly lanes: readonly Lane[]
  readonly indexOf: (id: string) => number
}

export function shownLanes(all: readonly Lane[], { isFolded, used }: LaneChoice): ShownLanes {
  const outside = all.filter(({ id, kind }) => kind === 'outside' && used.has(id))
  const machines = all.filter(({ kind }) => kind !== 'outside')
  const inside = isFolded ? machines.slice(0, 1) : machines.filter(({ id }) => used.has(id))
  const lanes = [...outside, ...inside].slice(0, maxLanes)
  const places = new Map(lanes.map(({ id }, index) => [id, index]))
  const root = outside.length
  return {
    lanes,
    indexOf: (id) => places.get(id) ?? (root < lanes.length ? root : 0),
  }
}

/** The arrows of an entry that are drawn. */
export function shownArrows(
  { arrows }: LaneEntry,
  { indexOf }: ShownLanes,
  isFolded: boolean,
): readonly Arrow[] {
  if (!isFolded) return arrows
  return arrows.filter(
    ({ kind, from, to }) =>
      kind !== 'sent' &&
      (kind !== 'timer' || from === to) &&
      (indexOf(from) !== indexOf(to) || kind === 'timer'),
  )
}
