import { signal, type Signal } from '@preact/signals'
import type { Player } from './player.ts'

export interface TimelineState {
  /** The scrubber's line is even in entries, or in time. */
  readonly by: Signal<'seq' | 'time'>
  /** In time: long idle parts are drawn narrow. */
  readonly isCompressed: Signal<boolean>
  readonly player: Player
}

export function createTimelineState(player: Player): TimelineState {
  return { by: signal('seq'), isCompressed: signal(true), player }
}
