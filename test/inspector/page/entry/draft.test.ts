import { describe, expect, it } from 'vitest'
import { draftOf } from '../../../../src/inspector/page/entry/draft.ts'
import type { Value } from '../../../../src/inspector/protocol/value.ts'

const object = (...items: [string, Value][]): Value => ({
  kind: 'object',
  size: items.length,
  items,
})
const text = (text: string): Value => ({ kind: 'string', text })
const type: [string, Value] = ['type', text('go')]

describe('draftOf', () => {
  it('writes an event as a form has it', () => {
    const list: Value = { kind: 'array', size: 1, items: [['0', { kind: 'null', text: 'null' }]] }
    const event = object(
      type,
      ['id', { kind: 'number', text: '7' }],
      ['is', { kind: 'boolean', text: 'false' }],
      ['none', { kind: 'undefined', text: 'undefined' }],
      ['list', list],
    )
    const draft = draftOf(event)
    expect(draft?.type).toBe('go')
    expect(JSON.parse(draft?.payload ?? '')).toEqual({ id: 7, is: false, list: [null] })
  })

  it.each<[string, Value]>([
    ['a text that was cut', { kind: 'string', text: 'abc', length: 1000 }],
    ['members that were cut', { kind: 'object', size: 2, items: [['a', text('b')]] }],
    ['a map', { kind: 'map', size: 0, items: [] }],
    ['an instance of a class', { kind: 'object', name: 'Point', size: 0, items: [] }],
    ['a big integer', { kind: 'bigint', text: '7n' }],
    ['a number that is none', { kind: 'number', text: 'NaN' }],
  ])('has no form for %s', (_, member) => {
    expect(draftOf(object(type, ['member', member]))).toBeUndefined()
  })

  it('has no form for what is no event', () => {
    expect(draftOf(text('go'))).toBeUndefined()
    expect(draftOf(object(['id', text('go')]))).toBeUndefined()
  })
})
