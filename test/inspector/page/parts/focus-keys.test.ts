import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../../../src/inspector/page/parts/focus-keys.ts'
import { logKeys } from '../../../../src/inspector/page/log/log-keys.ts'
import { laneKeys } from '../../../../src/inspector/page/views/lanes/lane-keys.ts'
import { canvasKeys } from '../../../../src/inspector/page/views/statechart/canvas-keys.ts'

describe('meaningOf', () => {
  it('is what the table says, and nothing else', () => {
    expect(meaningOf(canvasKeys, '0')).toBe('all')
    expect(meaningOf(laneKeys, 'PageUp')).toBe(-10)
    expect(meaningOf(logKeys, 'End')?.(9, 500)).toBe(500)
    expect(meaningOf(canvasKeys, 'constructor')).toBeUndefined()
  })
})

describe.each([[canvasKeys], [laneKeys], [logKeys]])('keys of what has the focus', (table) => {
  it('have one meaning each', () => {
    const keys = table.flatMap((entry) => Object.keys(entry.keys))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
