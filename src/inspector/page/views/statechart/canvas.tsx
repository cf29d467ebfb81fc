import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { meaningOf } from '../../parts/focus-keys.ts'
import { Icon } from '../../parts/icon.tsx'
import { hasModifier } from '../../parts/modifiers.ts'
import { Toggle } from '../../parts/toggle.tsx'
import { useSize } from '../../parts/use-size.ts'
import { useWheel } from '../../parts/use-wheel.ts'
import { panBy, reveal, zoomAt } from './camera.ts'
import type { Area, Camera, Size } from './camera.ts'
import { canvasKeys, zoomStep } from './canvas-keys.ts'
import { useCamera } from './use-camera.ts'

interface CanvasProps {
  readonly drawing: Size
  /** Said to a screen reader. */
  readonly label: string
  /** Another drawing is shown from its beginning, and followed. */
  readonly id: string
  /** The part that is kept in sight whenever it changes, until the reader moves the drawing. */
  readonly sight: Area | undefined
  readonly children: ComponentChildren
}

const panStep = 60

/** A drawing that can be moved and zoomed: by pointer, by wheel, by keys, by buttons. */
export function Canvas({ drawing, label, id, sight, children }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const window = useSize(frame)
  const held = useRef<PointerEvent>(undefined)
  const { camera, isFollowing, move, showAll, follow } = useCamera({ drawing, id, window, sight })

  const zoom = (factor: number) =>
    move((from) => zoomAt(from, factor, window.width / 2, window.height / 2))

  useWheel(frame, (event) => move((from) => moveByWheel(from, event)))

  const onPointerDown = (event: PointerEvent & { readonly currentTarget: Element }) => {
    if (event.button !== 0 || (event.target as Element).closest('.toggle') !== null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    held.current = event
  }

  const onPointerMove = (to: PointerEvent) => {
    const from = held.current
    if (from === undefined) return
    held.current = to
    const [dx, dy] = [from.clientX - to.clientX, from.clientY - to.clientY]
    // A press alone moves nothing.
    if (dx !== 0 || dy !== 0) move((now) => panBy(now, dx, dy))
  }

  // Tab reaches the buttons of states that are out of sight.
  const onFocusIn = ({ target, currentTarget }: FocusEvent) => {
    if (target === currentTarget || !(target instanceof SVGGraphicsElement)) return
    if (target.matches(':focus-visible')) move((from) => reveal(from, target.getBBox(), window))
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const meant = meaningOf(canvasKeys, event.key)
    if (meant === undefined || hasModifier(event)) return
    event.preventDefault()
    event.stopPropagation()
    if (typeof meant === 'number') zoom(meant)
    else if (meant === 'all') showAll()
    else if (meant === 'follow') follow()
    else move((from) => panBy(from, meant[0] * panStep, meant[1] * panStep))
  }

  const { x, y, scale } = camera
  return (
    <div class="canvas" ref={frame}>
      <svg
        class="chart"
        role="group"
        // In SVG, names of attributes are case-sensitive.
        tabindex={0}
        aria-label={`${label}. Arrow keys move it, plus and minus zoom, 0 shows all, dot follows.`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onLostPointerCapture={() => (held.current = undefined)}
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
      >
        <Markers />
        <g transform={`scale(${scale}) translate(${-x} ${-y})`}>{children}</g>
      </svg>
      <div class="zoom" role="group" aria-label="Zoom">
        <Toggle
          name="Keep the active state in sight"
          hint="Keep the active state in sight (.)"
          isOn={isFollowing}
          onToggle={(isOn) => (isOn ? follow() : move((from) => from))}
        >
          <Icon name="target" />
        </Toggle>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / zoomStep)}>
          −
        </button>
        <button
          type="button"
          aria-label={`${Math.round(scale * 100)}%: show all`}
          onClick={showAll}
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
