/** Makes foreign text safe for a terminal, and formats numbers. */

const escape = '\u001b'
const bell = '\u0007'
/** ECMA-48: CSI with its parameters, OSC up to its end. Node's own function removes more. */
const escapeSequence = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}\\n]*)`,
  'g',
)

/**
 * Removes escape sequences, control characters except line ends and tabs, and characters that
 * reverse the direction of text: foreign text must not control the terminal or disguise itself.
 */
export function printable(text: string): string {
  return text.replaceAll(escapeSequence, '').replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_C}]/gu, '')
}

/** One line of at most `width` characters. */
export function shorten(text: string, width: number): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`
}

/** `13.6 MB`; decimal units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let amount = bytes
  let unit = 0
  while (amount >= 999.95 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`
}

/** `1.3` */
export function formatSeconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1)
}

/** `12 s`, `3 min 5 s`, `2 h 5 min`. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.floor(Math.max(0, elapsedMs) / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 task`, `2 tasks`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`
}
