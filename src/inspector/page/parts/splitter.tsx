import { useRef } from 'preact/hooks'

/** A line between two panes that moves with the pointer or the arrow keys. */
export function Splitter({
  label,
  size,
  min,
  max,
  /** The pane that is sized lies `before` the line or `after` it. */
  pane,
  direction,
  onSize,
}: {
  readonly label: string
  readonly size: number
  readonly min: number
  readonly max: number
  readonly pane: 'before' | 'after'
  readonly direction: 'row' | 'column'
  readonly onSize: (size: number) => void
}) {
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
        const keys = direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
        const step = keys.indexOf(event.key)
        if (step < 0) return
        event.preventDefault()
        set(size + (step === 0 ? -16 : 16) * sign)
      }}
    />
  )
}
