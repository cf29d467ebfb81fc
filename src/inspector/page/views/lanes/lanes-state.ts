/** What the reader has arranged in the lanes. While other views are open, toggles are kept. */
import { signal, type Signal } from '@preact/signals'

/** Entries by `seq`, both included. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface LanesState {
  readonly isIdleHidden: Signal<boolean>
  /** Undefined until the reader chooses: folded if the lanes are wider than the page. */
  readonly isFolded: Signal<boolean | undefined>
  /** Chosen with mouse or keyboard. */
  readonly range: Signal<Range | undefined>
  /** The only entries that are shown. */
  readonly zoom: Signal<Range | undefined>
}

export function createLanesState(): LanesState {
  return {
    isIdleHidden: signal(true),
    isFolded: signal<boolean>(),
    range: signal<Range>(),
    zoom: signal<Range>(),
  }
}

export function rangeBetween(one: number, other: number): Range {
  return { from: Math.min(one, other), to: Math.max(one, other) }
}

/** The range after its moving end went by some entries; it begins at the chosen entry. */
export function extend(range: Range | undefined, seq: number, by: number, last: number): Range {
  const isForward = range === undefined || range.from === seq
  const end = range === undefined ? seq : isForward ? range.to : range.from
  return rangeBetween(seq, Math.max(0, Math.min(end + by, last)))
}
