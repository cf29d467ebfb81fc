/**
 * Rules for ids that users choose: Mesos names folders after them, and this package appends `~2` to
 * task ids.
 */

const maxIdLength = 200
const maxShown = 60

/** Returns what is wrong with an id, as the rest of a sentence; undefined if it is valid. */
export function findIdFault(id: unknown): string | undefined {
  if (typeof id !== 'string') return 'must be a text'
  if (id === '') return `must not be empty: give 1 to ${maxIdLength} characters`
  if (id.length > maxIdLength) return `has ${id.length} characters: give at most ${maxIdLength}`
  if (/[\n\r\u0085\u2028\u2029]/.test(id)) return 'has a line break in it: leave it out'
  const control = /\p{Cc}/u.exec(id)?.[0]
  if (control !== undefined)
    return `has the control character ${codeOf(control)} in it: leave it out`
  if (/\p{Cs}/u.test(id)) return 'has half a character in it (a lone surrogate): leave it out'
  const separator = /[/~]/.exec(id)?.[0]
  if (separator !== undefined) return `has ${separator} in it: use other characters`
  return /^\.{1,2}$/.test(id) ? 'must not be . or .., which are folders' : undefined
}

/** Shortens an id to one line for a message. */
export function showId(id: unknown): string {
  if (typeof id !== 'string') return String(id)
  if (id.length <= maxShown && !/^$|[\p{Cc}\p{Cs}\u2028\u2029]/u.test(id)) return id
  const cut = id.length <= maxShown ? id : `${id.slice(0, maxShown - 1)}…`
  return JSON.stringify(cut).replaceAll(/[\p{Cc}\u2028\u2029]/gu, codeOf)
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
