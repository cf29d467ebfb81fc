/** References to actors inside contexts. */

/** Objects that are searched: references stand near the top, and a large state must cost nothing. */
const maxObjects = 2000

/**
 * A copy of a context in which actors are replaced by others; the context itself if it has none.
 * Only its first objects are searched, level by level.
 */
export function replaceActors<T>(context: T, actors: ReadonlyMap<unknown, unknown>): T {
  if (!hasActor(context)) return context
  const copies = new Map<unknown, unknown>()
  let left = maxObjects
  const replaced = (value: unknown): unknown => {
    if (!isPlain(value)) return actors.get(value) ?? value
    if (copies.has(value)) return copies.get(value)
    if (left-- <= 0) return value
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
    copies.set(value, copy)
    for (const [key, member] of Object.entries(value)) {
      Reflect.set(copy, key, replaced(member))
    }
    return copy
  }
  return replaced(context) as T
}

function hasActor(context: unknown): boolean {
  const queue = [context]
  const seen = new Set(queue)
  // The queue grows while it is read: level by level.
  for (const value of queue) {
    if (isActor(value)) return true
    if (!isPlain(value)) continue
    for (const member of Object.values(value)) {
      if (typeof member !== 'object' || member === null || seen.has(member)) continue
      if (seen.size >= maxObjects) return false
      seen.add(member)
      queue.push(member)
    }
  }
  return false
}

function isActor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'sessionId' in value && 'send' in value
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
