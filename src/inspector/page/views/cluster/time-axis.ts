/** A line of time: which part of the run is seen, and where its moments are. Ms since the epoch. */

export interface TimeWindow {
  readonly from: number
  readonly to: number
}

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000,
]

/** Round moments, at most `count` of them. */
export function ticksOf({ from, to }: TimeWindow, count: number): readonly number[] {
  const wanted = (to - from) / Math.max(1, count)
  const day = 86_400_000
  const step = steps.find((each) => each >= wanted) ?? Math.ceil(wanted / day) * day
  const offset = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - offset) / step) * step + offset
  const ticks: number[] = []
  for (let tick = first; tick <= to && ticks.length <= count; tick += step) ticks.push(tick)
  return ticks
}

/** Place in the window, from 0 (left) to 1 (right); beyond for other moments. */
export function placeOf(now: number, { from, to }: TimeWindow): number {
  return (now - from) / Math.max(1, to - from)
}

/** The moment at a place: a whole number, which alone the server takes. */
export function momentAt(place: number, { from, to }: TimeWindow): number {
  return Math.round(from + place * (to - from))
}

/** The part of a span in the window; undefined if none is. */
export function spanPlace(
  span: { readonly from: number; readonly to?: number },
  window: TimeWindow,
): { readonly left: number; readonly width: number } | undefined {
  const left = Math.max(0, placeOf(span.from, window))
  const right = Math.min(1, placeOf(span.to ?? window.to, window))
  if (right < 0 || left > 1 || right < left) return undefined
  return { left, width: right - left }
}

/** `factor` < 1 comes closer. What is at `centre` stays there; the window stays within `whole`. */
export function zoom(
  window: TimeWindow,
  factor: number,
  centre: number,
  whole: TimeWindow,
): TimeWindow {
  const length = Math.max(10, Math.min((window.to - window.from) * factor, whole.to - whole.from))
  const fixed = Math.max(window.from, Math.min(centre, window.to))
  const from = Math.max(whole.from, fixed - length * placeOf(fixed, window))
  const to = Math.min(whole.to, from + length)
  return { from: Math.max(whole.from, to - length), to }
}
