/** In characters of JSON; a journal entry has room for no more. */
const maxEntryLength = 5 * 1024 * 1024

/** Returns why a value cannot be in a journal entry, such as `has 9000000 characters …`. */
export function findEntryFault(value: unknown): string | undefined {
  try {
    const { length } = JSON.stringify(value)
    return length <= maxEntryLength
      ? undefined
      : `has ${length} characters of JSON; the maximum is ${maxEntryLength}`
  } catch (error) {
    return `is not JSON: ${String(error)}`
  }
}
