import { hasModifier } from '../parts/modifiers.ts'
import type { KeyEntry } from './key-table.ts'

/** What is read of a keyboard event. */
export interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly defaultPrevented: boolean
  /** The focus is where keys write text or choose. */
  readonly isTyping: boolean
  /** The focus is on a button or link, which Space or Enter press. */
  readonly isOnButton: boolean
  /** The focus is on something that Space, Home and End scroll. */
  readonly isOnScroller: boolean
}

const scrollKeys = [' ', 'Home', 'End']

/** The entry that a key means, if it means one here. */
export function findKey(table: readonly KeyEntry[], press: Press): KeyEntry | undefined {
  if (press.defaultPrevented || press.isTyping) return undefined
  if (hasModifier(press)) return undefined
  if (press.isOnButton && press.key === ' ') return undefined
  if (press.isOnScroller && scrollKeys.includes(press.key)) return undefined
  return table.find(({ keys }) => keys.includes(press.key))
}

/** Runs the table's entries for keys pressed anywhere on the page. */
export function bindKeys(table: readonly KeyEntry[], isOn: () => boolean): void {
  addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : document.body
    // Leaves a field: then single keys work again.
    if (event.key === 'Escape' && target instanceof HTMLElement && isField(target)) target.blur()
    if (!isOn() || document.querySelector('dialog[open]') !== null) return
    const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event
    const entry = findKey(table, {
      key,
      ctrlKey,
      metaKey,
      altKey,
      defaultPrevented,
      isTyping: isField(target),
      isOnButton: target.closest('button, a, summary') !== null,
      isOnScroller: target.matches('[role=tabpanel]'),
    })
    if (entry === undefined) return
    event.preventDefault()
    entry.run()
  })
}

function isField(element: Element): boolean {
  return element.closest('input, textarea, select, [contenteditable]') !== null
}
