/** Most programs never see one: then encoding looks up nothing. */
let hasAny = false
const unknownFields = new WeakMap<object, Uint8Array[]>()

/**
 * Keeps a protobuf field that the schema lacks, with its tag, for this object. Encoding the object
 * as protobuf writes the field back; copies of the object and JSON lack it. Real agents send such
 * fields from internal messages.
 */
export function keepUnknown(message: object, field: Uint8Array): void {
  // Copied: a view would keep the whole record in memory.
  const bytes = Uint8Array.from(field)
  hasAny = true
  const kept = unknownFields.get(message)
  if (kept === undefined) unknownFields.set(message, [bytes])
  else kept.push(bytes)
}

/** The fields kept for this object, in order of arrival. */
export function unknownFieldsOf(message: object): readonly Uint8Array[] {
  return (hasAny ? unknownFields.get(message) : undefined) ?? none
}

const none: readonly Uint8Array[] = []
