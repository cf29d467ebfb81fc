import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { meaningOf } from '../../parts/focus-keys.ts'
import { hasModifier } from '../../parts/modifiers.ts'
import { useSize } from '../../parts/use-size.ts'
import { useWheel } from '../../parts/use-wheel.ts'
import { fit, fitWidth, panBy, reveal, zoomAt } from './camera.ts'
import type { Area, Camera, Size } from './camera.ts'
import { canvasKeys, zoomStep } from './canvas-keys.ts'

interface CanvasProps {
  readonly drawing: Size
  /** Said to a screen reader. */
  readonly label: string
  /** Another drawing is shown from its beginning. */
  readonly id: string
  /** The part that is kept in sight, whenever it changes. */
  readonly sight: Area | undefined
  readonly children: ComponentChildren
}

const panStep = 60

/** A drawing that can be moved and zoomed: by pointer, by wheel, by keys, by buttons. */
export function Canvas({ drawing, label, id, sight, children }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const window = useSize(frame)
  const camera = useSignal<Camera>({ x: 0, y: 0, scale: 1 })
  const shown = useRef('')
  const held = useRef<PointerEvent>(undefined)

  const isSeen = window.width > 0
  useLayoutEffect(() => {
    if (!isSeen) return
    const start = shown.current === id ? camera.peek() : fitWidth(drawing, window)
    shown.current = id
    camera.value = sight === undefined ? start : reveal(start, sight, window)
  }, [id, isSeen, sight && `${sight.x} ${sight.y} ${sight.width} ${sight.height}`])

  function zoom(factor: number): void {
    camera.value = zoomAt(camera.peek(), factor, window.width / 2, window.height / 2)
  }

  useWheel(frame, (event) => (camera.value = moveByWheel(camera.peek(), event)))

  const onPointerDown = (event: PointerEvent & { readonly currentTarget: Element }) => {
    if (event.button !== 0 || (event.target as Element).closest('.toggle') !== null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    held.current = event
  }

  const onPointerMove = (to: PointerEvent) => {
    const from = held.current
    if (from === undefined) return
    camera.value = panBy(camera.peek(), from.clientX - to.clientX, from.clientY - to.clientY)
    held.current = to
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const move = meaningOf(canvasKeys, event.key)
    if (move === undefined || hasModifier(event)) return
    event.preventDefault()
    event.stopPropagation()
    if (typeof move === 'number') zoom(move)
    else if (move === 'fit') camera.value = fit(drawing, window)
    else camera.value = panBy(camera.peek(), move[0] * panStep, move[1] * panStep)
  }

  const { x, y, scale } = camera.value
  return (
    <div class="canvas" ref={frame}>
      <svg
        class="chart"
        role="group"
        tabIndex={0}
        aria-label={`${label}. Arrow keys move it, plus and minus zoom, 0 shows all.`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onLostPointerCapture={() => (held.current = undefined)}
        onKeyDown={onKeyDown}
      >
        <Markers />
        <g transform={`scale(${scale}) translate(${-x} ${-y})`}>{children}</g>
      </svg>
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / zoomStep)}>
          −
        </button>
        <button
          type="button"
          aria-label={`${Math.round(scale * 100)}%: show all`}
          onClick={() => (camera.value = fit(drawing, window))}
        >
          {Math.round(scale * 100)}%
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => zoom(zoomStep)}>
          +
        </button>
      </div>
    </div>
  )
}

function moveByWheel(camera: Camera, event: WheelEvent): Camera {
  if (!event.ctrlKey && !event.metaKey) return panBy(camera, event.deltaX, event.deltaY)
  const { left, top } = (event.currentTarget as Element).getBoundingClientRect()
  const factor = Math.exp(-event.deltaY / 200)
  return zoomAt(camera, factor, event.clientX - left, event.clientY - top)
}

function Markers() {
  return (
    <defs>
      {['arrow', 'arrow-taken'].map((id) => (
        <marker
          id={id}
          class={id}
          viewBox="0 0 8 8"
          refX="7.5"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0.5 8 4 0 7.5z" />
        </marker>
      ))}
    </defs>
  )
}
