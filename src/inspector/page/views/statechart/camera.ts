/** The part of a drawing that a window shows: pan and zoom. */

export interface Size {
  readonly width: number
  readonly height: number
}

/** Left top corner of what is shown, in the drawing's px, and screen px per px of the drawing. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly scale: number
}

const minScale = 0.05
const maxScale = 4
const margin = 16

/** Shows the whole drawing in the middle; a small one not larger than it is. */
export function fit(drawing: Size, window: Size): Camera {
  const room = { width: window.width - 2 * margin, height: window.height - 2 * margin }
  const wanted = Math.min(room.width / drawing.width, room.height / drawing.height, 1)
  const scale = clamp(wanted)
  return {
    x: (drawing.width - window.width / scale) / 2,
    y: (drawing.height - window.height / scale) / 2,
    scale,
  }
}

/** As wide as the window, from the top: a tall chart stays readable. */
export function fitWidth(drawing: Size, window: Size): Camera {
  const whole = fit(drawing, window)
  const scale = clamp(Math.min((window.width - 2 * margin) / drawing.width, 1))
  if (scale <= whole.scale) return whole
  return { x: (drawing.width - window.width / scale) / 2, y: -margin / scale, scale }
}

/** Zooms by a factor; the point of the window at `x`, `y` stays where it is. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = clamp(camera.scale * factor)
  return {
    x: camera.x + x / camera.scale - x / scale,
    y: camera.y + y / camera.scale - y / scale,
    scale,
  }
}

/** Moves what is shown by screen px. */
export function panBy({ x, y, scale }: Camera, dx: number, dy: number): Camera {
  return { x: x + dx / scale, y: y + dy / scale, scale }
}

function clamp(scale: number): number {
  return Number.isFinite(scale) ? Math.min(maxScale, Math.max(minScale, scale)) : 1
}
