import { describe, expect, it } from 'vitest'
import { findKey, type Press } from '../../../../src/inspector/page/keys/bind-keys.ts'
import { keyTable, type KeyTargets } from '../../../../src/inspector/page/keys/key-table.ts'

const targets = {
  page: {},
  player: {},
  views: ['1', '2', '3', '4', '5'].map((key) => ({ id: key, title: `View ${key}`, key })),
} as unknown as KeyTargets
const table = keyTable(targets)
const press = (change: Partial<Press>): Press => ({
  key: 'j',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  defaultPrevented: false,
  isTyping: false,
  isOnButton: false,
  isOnScroller: false,
  ...change,
})

describe('keyTable', () => {
  it('gives each key one meaning', () => {
    const keys = table.flatMap((entry) => entry.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('gives each meaning a text of its own', () => {
    expect(new Set(table.map(({ text }) => text)).size).toBe(table.length)
  })
})

describe('findKey', () => {
  it('finds the meaning of a key', () => {
    expect(findKey(table, press({}))?.text).toBe('Next entry')
  })

  it.each([
    press({ isTyping: true }),
    press({ ctrlKey: true }),
    press({ metaKey: true }),
    press({ altKey: true }),
    press({ defaultPrevented: true }),
    press({ key: ' ', isOnButton: true }),
    press({ key: 'End', isOnScroller: true }),
    press({ key: 'Tab' }),
  ])('leaves alone what others mean by it', (other) => {
    expect(findKey(table, other)).toBeUndefined()
  })
})
