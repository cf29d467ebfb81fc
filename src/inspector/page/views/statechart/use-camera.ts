import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { fit, fitWidth, reveal } from './camera.ts'
import type { Area, Camera, Size } from './camera.ts'

export interface CameraOptions {
  readonly drawing: Size
  /** Another drawing is shown from its beginning, and followed. */
  readonly id: string
  readonly window: Size
  /** The part that is kept in sight whenever it changes, until the reader moves the camera. */
  readonly sight: Area | undefined
}

export interface OwnCamera {
  readonly camera: Camera
  readonly isFollowing: boolean
  /** By hand: what the reader looks at then stays where it is. */
  readonly move: (change: (camera: Camera) => Camera) => void
  /** Shows the whole drawing, and follows again. */
  readonly showAll: () => void
  /** Shows the part to keep in sight, as large as the rest is now, and follows it again. */
  readonly follow: () => void
}

/** What a window shows of a drawing: the camera goes after the active states until it is moved. */
export function useCamera({ drawing, id, window, sight }: CameraOptions): OwnCamera {
  const camera = useSignal<Camera>({ x: 0, y: 0, scale: 1 })
  const isFollowing = useSignal(true)
  const shown = useRef('')
  const inSight = (from: Camera) => (sight === undefined ? from : reveal(from, sight, window))

  const isSeen = window.width > 0
  useLayoutEffect(() => {
    if (!isSeen) return
    if (shown.current !== id) {
      shown.current = id
      isFollowing.value = true
      camera.value = inSight(fitWidth(drawing, window))
    } else if (isFollowing.peek()) camera.value = inSight(camera.peek())
  }, [id, isSeen, sight && `${sight.x} ${sight.y} ${sight.width} ${sight.height}`])

  return {
    camera: camera.value,
    isFollowing: isFollowing.value,
    move(change) {
      isFollowing.value = false
      camera.value = change(camera.peek())
    },
    showAll() {
      isFollowing.value = true
      camera.value = fit(drawing, window)
    },
    follow() {
      isFollowing.value = true
      camera.value = inSight(camera.peek())
    },
  }
}
