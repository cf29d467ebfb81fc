/** Parts of a value that are looked at. */
const maxParts = 200

/** The size of a value as JSON, about: of a large one, from its first parts. */
export function sizeOf(value: unknown): number {
  const queue: unknown[] = [value]
  let chars = 0
  // The queue grows while it is read.
  for (const part of queue) {
    chars += 8
    if (typeof part === 'string') chars += part.length
    if (typeof part !== 'object' || part === null) continue
    const members = Object.values(part)
    if (queue.length + members.length > maxParts) {
      chars += 64 * members.length
      for (const member of members.slice(0, maxParts)) {
        if (typeof member === 'string') chars += member.length
      }
    } else queue.push(...members)
  }
  return chars
}
