/** Lines of `--json`: objects with `event` and `at`, as docs/schemas describes them. */

export interface SafeJsonOptions {
  /** As of `JSON.stringify`. */
  readonly replacer?: (key: string, value: unknown) => unknown
  /** Columns by which each level is indented. Default: all on one line. */
  readonly space?: number
}

/** JSON in which what could steer a terminal is escaped. */
export function toSafeJson(value: object, { replacer, space }: SafeJsonOptions = {}): string {
  // JSON does not escape these, and some terminals obey them.
  return JSON.stringify(value, replacer, space).replaceAll(/[\u007f-\u009f]/g, escapeCharacter)
}

/** `{"event":…,"at":…,…}`; `at` in ms since the epoch. */
export function jsonEvent(event: string, fields: object, at = Date.now()): string {
  return toSafeJson({ event, at, ...fields })
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
