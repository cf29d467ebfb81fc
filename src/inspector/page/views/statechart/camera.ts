/** The part of a drawing that a window shows: pan and zoom. */

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Area extends Size {
  readonly x: number
  readonly y: number
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
/** Below it, texts of 11 px cannot be read. */
const readableScale = 0.65

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

/** As wide as the window, but readable, from the top. */
export function fitWidth(drawing: Size, window: Size): Camera {
  const whole = fit(drawing, window)
  const wanted = Math.max((window.width - 2 * margin) / drawing.width, readableScale)
  const scale = clamp(Math.min(wanted, 1))
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

/** Moves as little as needed to show an area; of a large one, its left top corner. */
export function reveal(camera: Camera, area: Area, window: Size): Camera {
  const { scale } = camera
  const gap = margin / scale
  const seen = { width: window.width / scale, height: window.height / scale }
  return {
    x: startOf(camera.x, seen.width, area.x - gap, area.width + 2 * gap),
    y: startOf(camera.y, seen.height, area.y - gap, area.height + 2 * gap),
    scale,
  }
}

/** Where a range of a length begins that shows the wanted one, nearest to where it begins now. */
function startOf(now: number, length: number, wanted: number, wantedLength: number): number {
  if (wantedLength > length) return wanted
  return Math.min(Math.max(now, wanted + wantedLength - length), wanted)
}

function clamp(scale: number): number {
  return Number.isFinite(scale) ? Math.min(maxScale, Math.max(minScale, scale)) : 1
}
