import { describe, expect, expectTypeOf, it } from 'vitest'
import { defined } from '../src/defined.ts'

describe('defined', () => {
  it('leaves out what is undefined and keeps null, 0 and empty texts', () => {
    const values = { a: undefined, b: null, c: 0, d: '', e: [] }
    expect(Object.keys(defined(values))).toEqual(['b', 'c', 'd', 'e'])
  })

  it('keeps required properties required in its type', () => {
    const role = 'web' as string | undefined
    const copy = defined({ id: 'a', role })
    expectTypeOf(copy.id).toEqualTypeOf<string>()
    expectTypeOf<{ id: string; role?: string }>().toExtend<typeof copy>()
    expect(copy).toEqual({ id: 'a', role: 'web' })
  })
})
