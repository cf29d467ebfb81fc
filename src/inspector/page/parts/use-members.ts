import { useEffect, useRef, useState } from 'preact/hooks'
import type { CompoundValue, Value } from '../../protocol/value.ts'

/** Answers the value at a path, two levels deep, from its `skip`th member on. */
export type LoadValue = (path: readonly string[], skip: number) => Promise<Value>

type Items = readonly (readonly [key: string, Value])[]

/** The members of a value; those that are not in it are loaded. */
export function useMembers(
  value: CompoundValue,
  path: readonly string[],
  load: LoadValue | undefined,
): { readonly items: Items; readonly error: string | undefined; readonly loadMore: () => void } {
  const [loaded, setLoaded] = useState<Items>([])
  const [error, setError] = useState<string>()
  const round = useRef(0)
  // Cut off at this depth: its members are one question away.
  const isCut = value.items.length === 0 && value.size > 0
  const items = isCut ? loaded : [...value.items, ...loaded]

  const ask = async (shown: Items) => {
    round.current += 1
    const own = round.current
    try {
      const next = await load?.(path, shown.length)
      if (own !== round.current || next === undefined) return
      setLoaded((before) => joinItems(isCut && shown.length === 0 ? [] : before, next))
      setError(undefined)
    } catch (problem) {
      if (own === round.current) setError((problem as Error).message)
    }
  }
  useEffect(() => {
    // Until the next members come, those before are shown: a live run does not flicker.
    if (isCut) void ask([])
    else setLoaded([])
    return () => {
      round.current += 1
    }
  }, [value, load])
  return { items, error, loadMore: () => void ask(items) }
}

/** A member is shown once, even if it comes again. */
function joinItems(before: Items, next: Value): Items {
  if (!('items' in next)) return before
  const keys = new Set(before.map(([key]) => key))
  return [...before, ...next.items.filter(([key]) => !keys.has(key))]
}
