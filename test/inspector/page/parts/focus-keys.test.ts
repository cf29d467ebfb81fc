import { describe, expect, it } from 'vitest'
import { treeKeys } from '../../../../src/inspector/page/actors/tree-keys.ts'
import { meaningOf } from '../../../../src/inspector/page/parts/focus-keys.ts'
import { logKeys } from '../../../../src/inspector/page/log/log-keys.ts'
import { sliderKeys } from '../../../../src/inspector/page/timeline/slider-keys.ts'
import { laneKeys } from '../../../../src/inspector/page/views/lanes/lane-keys.ts'
import { canvasKeys } from '../../../../src/inspector/page/views/statechart/canvas-keys.ts'

describe('meaningOf', () => {
  it('is what the table says, and nothing else', () => {
    expect(meaningOf(canvasKeys, '0')).toBe('all')
    expect(meaningOf(laneKeys, 'PageUp')).toBe(-10)
    expect(meaningOf(logKeys, 'End')?.(9, 500)).toBe(500)
    expect(meaningOf(sliderKeys, 'PageDown')?.(400)).toBe(-20)
    expect(meaningOf(sliderKeys, 'PageUp')?.(3)).toBe(1)
    expect(meaningOf(canvasKeys, 'constructor')).toBeUndefined()
  })
})

const tables = { canvasKeys, laneKeys, logKeys, treeKeys, sliderKeys }

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it('have one meaning each', () => {
    const keys = table.flatMap((entry) => Object.keys(entry.keys))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
