import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { treeKeys } from '../../../../src/inspector/page/actors/tree-keys.ts'
import { meaningOf } from '../../../../src/inspector/page/parts/focus-keys.ts'
import { splitterKeys } from '../../../../src/inspector/page/parts/splitter-keys.ts'
import { tabKeys } from '../../../../src/inspector/page/parts/tab-keys.ts'
import { logKeys } from '../../../../src/inspector/page/log/log-keys.ts'
import { sliderKeys } from '../../../../src/inspector/page/timeline/slider-keys.ts'
import { taskKeys } from '../../../../src/inspector/page/views/cluster/task-keys.ts'
import { laneKeys } from '../../../../src/inspector/page/views/lanes/lane-keys.ts'
import { canvasKeys } from '../../../../src/inspector/page/views/statechart/canvas-keys.ts'

describe('meaningOf', () => {
  it('is what the table says, and nothing else', () => {
    expect(meaningOf(canvasKeys, '0')).toBe('all')
    expect(meaningOf(laneKeys, 'PageUp')).toBe(-10)
    expect(meaningOf(logKeys, 'End')?.(9, 500)).toBe(500)
    expect(meaningOf(sliderKeys, 'PageDown')?.(400)).toBe(-20)
    expect(meaningOf(sliderKeys, 'PageUp')?.(3)).toBe(1)
    expect(meaningOf(tabKeys, 'ArrowLeft')?.(0, 4)).toBe(3)
    expect(meaningOf(taskKeys, 'Home')?.(30)).toBe(-30)
    expect(meaningOf(canvasKeys, 'constructor')).toBeUndefined()
  })

  it('moves a line between panes only along its own direction', () => {
    const pane = { size: 200, min: 100, max: 500, pane: 'after', direction: 'row' } as const
    const sizeAfter = (key: string) => meaningOf(splitterKeys, key)?.(pane)
    expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'End'].map(sizeAfter)).toEqual([
      216,
      184,
      undefined,
      100,
      500,
    ])
  })
})

const tables = {
  canvasKeys,
  laneKeys,
  logKeys,
  treeKeys,
  sliderKeys,
  splitterKeys,
  tabKeys,
  taskKeys,
}

describe('the dialog of all keys', () => {
  it('has each table of the page', () => {
    const root = new URL('../../../../src/inspector/page/', import.meta.url)
    const read = (name: string) => readFileSync(new URL(name, root), 'utf8')
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('-keys.ts'))
      .flatMap((name) => /export const (\w+): readonly FocusKeys</.exec(read(name))?.[1] ?? [])
    expect(names.toSorted()).toEqual(Object.keys(tables).toSorted())
    const listed = [...read('keys/help.tsx').matchAll(/\['Focus on [^']+', (\w+)\]/g)]
    expect(listed.map(([, name = '']) => name).toSorted()).toEqual(names.toSorted())
  })
})

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it('have one meaning each', () => {
    const keys = table.flatMap((entry) => Object.keys(entry.keys))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
