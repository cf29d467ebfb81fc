/** References to actors inside contexts. */

/** Objects that are searched: references stand near the top, and a large state must cost nothing. */
const maxObjects = 2000

/**
 * A copy of a context in which actors are replaced by others; the context itself if it has none.
 * Only its first objects are searched, level by level.
 */
export function replaceActors<T>(context: T, actors: ReadonlyMap<unknown, unknown>): T {
  const copies = new Map<unknown, object>()
  for (const object of objectsAround(context)) copies.set(object, Array.isArray(object) ? [] : {})
  for (const [object, copy] of copies) {
    for (const [key, member] of Object.entries(object as object))
      Reflect.set(copy, key, copies.get(member) ?? actors.get(member) ?? member)
  }
  return (copies.get(context) ?? context) as T
}

/** The first plain objects of a context; none if there is no actor among their members. */
function objectsAround(context: unknown): Iterable<object> {
  const objects = new Set<object>(isPlain(context) ? [context] : [])
  let hasActor = false
  // The set grows while it is read: level by level.
  for (const object of objects) {
    for (const member of Object.values(object) as readonly unknown[]) {
      if (isActor(member)) hasActor = true
      else if (!isPlain(member)) continue
      else if (objects.size < maxObjects) objects.add(member)
      else if (!hasActor) return []
    }
  }
  return hasActor ? objects : []
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
