/** Lines of `--json`: objects with `event` and `at`, as docs/schemas describes them. */

/** JSON on one line; what could steer a terminal is escaped. */
export function toSafeJson(
  value: object,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  // JSON does not escape these, and some terminals obey them.
  return JSON.stringify(value, replacer).replaceAll(/[\u007f-\u009f]/g, escapeCharacter)
}

/** `{"event":…,"at":…,…}`; `at` in ms since the epoch. */
export function jsonEvent(event: string, fields: object, at = Date.now()): string {
  return toSafeJson({ event, at, ...fields })
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
