import { describe, expect, it } from 'vitest'
import {
  fit,
  fitWidth,
  panBy,
  reveal,
  zoomAt,
} from '../../../../../src/inspector/page/views/statechart/camera.ts'

const window = { width: 800, height: 600 }

function toScreen(camera: { x: number; y: number; scale: number }, x: number, y: number) {
  return { x: (x - camera.x) * camera.scale, y: (y - camera.y) * camera.scale }
}

describe('the camera', () => {
  it('shows a large drawing whole, in the middle', () => {
    const camera = fit({ width: 2000, height: 3000 }, window)
    const [start, end] = [toScreen(camera, 0, 0), toScreen(camera, 2000, 3000)]
    expect(start.y).toBeCloseTo(16)
    expect(end.y).toBeCloseTo(600 - 16)
    expect(start.x).toBeCloseTo(800 - end.x)
  })

  it('does not enlarge a small drawing', () => {
    expect(fit({ width: 100, height: 100 }, window).scale).toBe(1)
  })

  it('begins at the top of a tall drawing, at a size that can be read', () => {
    const camera = fitWidth({ width: 700, height: 3000 }, window)
    expect(camera.scale).toBe(1)
    expect(toScreen(camera, 0, 0).y).toBeCloseTo(16)
  })

  it('keeps the point under the pointer when it zooms', () => {
    const before = { x: 50, y: 20, scale: 0.5 }
    const after = zoomAt(before, 2, 300, 200)
    expect(after.scale).toBe(1)
    expect(toScreen(after, 650, 420)).toEqual(toScreen(before, 650, 420))
  })

  it('stays within its limits, whatever the window or the drawing', () => {
    expect(zoomAt({ x: 0, y: 0, scale: 3 }, 1000, 0, 0).scale).toBe(4)
    expect(zoomAt({ x: 0, y: 0, scale: 1 }, 0, 0, 0).scale).toBe(0.05)
    expect(fit({ width: 0, height: 0 }, { width: 0, height: 0 }).scale).toBeGreaterThan(0)
  })

  it('moves as little as needed to show an area', () => {
    const camera = { x: 0, y: 0, scale: 2 }
    expect(reveal(camera, { x: 20, y: 20, width: 50, height: 50 }, window)).toEqual(camera)
    const below = reveal(camera, { x: 20, y: 1000, width: 50, height: 50 }, window)
    expect([below.x, toScreen(below, 0, 1050).y]).toEqual([0, 600 - 16])
    const before = reveal(below, { x: 20, y: 500, width: 50, height: 50 }, window)
    expect(toScreen(before, 0, 500).y).toBe(16)
  })

  it('shows where a large area begins', () => {
    const shown = reveal(
      { x: 0, y: 0, scale: 1 },
      { x: 0, y: 900, width: 10, height: 5000 },
      window,
    )
    expect(toScreen(shown, 0, 900).y).toBe(16)
  })

  it('moves as far as the pointer', () => {
    expect(panBy({ x: 0, y: 0, scale: 2 }, 10, -20)).toEqual({ x: 5, y: -10, scale: 2 })
  })
})
