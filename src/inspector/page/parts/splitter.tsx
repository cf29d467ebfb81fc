import { useRef } from 'preact/hooks'
import { meaningOf } from './focus-keys.ts'
import { splitterKeys } from './splitter-keys.ts'
import type { SizedPane } from './splitter-keys.ts'

/** A line between two panes that moves with the pointer or `splitterKeys`. */
export function Splitter({
  label,
  onSize,
  ...sized
}: SizedPane & {
  readonly label: string
  readonly onSize: (size: number) => void
}) {
  const { size, min, max, pane, direction } = sized
  const start = useRef<{ readonly at: number; readonly size: number }>(undefined)
  const sign = pane === 'before' ? 1 : -1
  const set = (next: number) => onSize(Math.round(Math.max(min, Math.min(next, max))))
  const place = (event: PointerEvent) => (direction === 'row' ? event.clientX : event.clientY)
  return (
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { at: place(event), size }
      }}
      onPointerMove={(event) => {
        if (start.current === undefined) return
        set(start.current.size + (place(event) - start.current.at) * sign)
      }}
      onLostPointerCapture={() => (start.current = undefined)}
      onKeyDown={(event) => {
        const next = meaningOf(splitterKeys, event.key)?.(sized)
        if (next === undefined) return
        event.preventDefault()
        set(next)
      }}
    />
  )
}
