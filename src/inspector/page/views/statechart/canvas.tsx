import { useSignal, useSignalEffect } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { fit, fitWidth, panBy, zoomAt, type Camera, type Size } from './camera.ts'

interface CanvasProps {
  readonly drawing: Size
  /** Said to a screen reader. */
  readonly label: string
  /** Another drawing is shown from its beginning. */
  readonly id: string
  readonly children: ComponentChildren
}

const panStep = 60
const zoomStep = 1.25

/** A drawing that can be moved and zoomed: by pointer, by wheel, by keys, by buttons. */
export function Canvas({ drawing, label, id, children }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const window = useSignal<Size>({ width: 0, height: 0 })
  const camera = useSignal<Camera>({ x: 0, y: 0, scale: 1 })
  const shown = useSignal('')

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      window.value = { width: element.clientWidth, height: element.clientHeight }
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useSignalEffect(() => {
    if (window.value.width > 0 && shown.value === '') reset()
  })
  useEffect(() => {
    if (shown.peek() !== id && window.peek().width > 0) reset()
  }, [id])

  function reset(): void {
    camera.value = fitWidth(drawing, window.peek())
    shown.value = id
  }

  function zoom(factor: number): void {
    const { width, height } = window.peek()
    camera.value = zoomAt(camera.peek(), factor, width / 2, height / 2)
  }

  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect()
    if (event.ctrlKey || event.metaKey) {
      const factor = Math.exp(-event.deltaY / 200)
      camera.value = zoomAt(camera.peek(), factor, event.clientX - left, event.clientY - top)
    } else camera.value = panBy(camera.peek(), event.deltaX, event.deltaY)
  }

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest('.toggle') !== null) return
    const element = event.currentTarget as Element
    element.setPointerCapture(event.pointerId)
    let from = event
    const move = (next: Event) => {
      const to = next as PointerEvent
      camera.value = panBy(camera.peek(), from.clientX - to.clientX, from.clientY - to.clientY)
      from = to
    }
    const end = () => element.removeEventListener('pointermove', move)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', end, { once: true })
    element.addEventListener('pointercancel', end, { once: true })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const move = moves[event.key]
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    if (typeof move === 'number') zoom(move)
    else if (move === 'fit') camera.value = fit(drawing, window.peek())
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
        onKeyDown={onKeyDown}
        ref={(element) => element?.addEventListener('wheel', onWheel, { passive: false })}
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
          onClick={() => (camera.value = fit(drawing, window.peek()))}
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

const moves: Readonly<Record<string, readonly [number, number] | number | 'fit'>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  '+': zoomStep,
  '=': zoomStep,
  '-': 1 / zoomStep,
  '0': 'fit',
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
