const unknownFields = new WeakMap<object, Uint8Array[]>()

/**
 * Remembers a protobuf field, tag and all, that the schema lacks. It belongs to this very object: encoding it
 * again as protobuf writes the field back, a copy of it or JSON does not show it. A real agent sends such fields:
 * leftovers of its internal messages.
 */
export function keepUnknown(message: object, field: Uint8Array): void {
  // A copy, or the few bytes would keep the whole record in memory.
  const bytes = Uint8Array.from(field)
  const kept = unknownFields.get(message)
  if (kept === undefined) unknownFields.set(message, [bytes])
  else kept.push(bytes)
}

/** The fields kept for this object, in the order they came. */
export function unknownFieldsOf(message: object): readonly Uint8Array[] {
  return unknownFields.get(message) ?? []
}
