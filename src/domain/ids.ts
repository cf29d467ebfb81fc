/**
 * Rules for ids that users choose. Mesos uses them as names of folders, and limits them in bytes.
 * Source: apache/mesos src/common/validation.cpp (validateID).
 */

/** NAME_MAX of Linux. */
const maxMesosBytes = 255
/**
 * Leaves room for additions of this package: `group-` before the id of a group, `~2` after the id
 * of a task.
 */
const maxBytes = 200
const maxShown = 60

/**
 * Returns what is wrong with the id of a task, a group or an operation, as the rest of a
 * sentence; undefined if it is valid.
 */
export function findIdFault(id: unknown): string | undefined {
  const fault = findMesosIdFault(id, maxBytes)
  if (fault !== undefined) return fault
  // This package appends ~2 to task ids.
  return String(id).includes('~') ? 'has ~ in it: use other characters' : undefined
}

/**
 * The same for ids that are sent to Mesos unchanged: of frameworks, agents, executors and volumes.
 */
export function findMesosIdFault(id: unknown, limit = maxMesosBytes): string | undefined {
  if (typeof id !== 'string') return 'must be a text'
  if (id === '') return `must not be empty: give 1 to ${limit} bytes`
  const bytes = Buffer.byteLength(id)
  if (bytes > limit) return `has ${bytes} bytes in UTF-8: give at most ${limit}`
  const fault = findCharacterFault(id)
  if (fault !== undefined) return fault
  const separator = /[/\\]/.exec(id)?.[0]
  if (separator !== undefined) return `has ${separator} in it: use other characters`
  return /^\.{1,2}$/.test(id) ? 'must not be . or .., which are folders' : undefined
}

/** Characters that break a line, control a terminal, or cannot be encoded. */
function findCharacterFault(text: string): string | undefined {
  if (/[\n\r\u0085\u2028\u2029]/.test(text)) return 'has a line break in it: leave it out'
  const control = /\p{Cc}/u.exec(text)?.[0]
  if (control !== undefined)
    return `has the control character ${codeOf(control)} in it: leave it out`
  return /\p{Cs}/u.test(text)
    ? 'has a lone surrogate (half of a character) in it: leave it out'
    : undefined
}

/**
 * Returns why Mesos would refuse a role, as the rest of a sentence; undefined if it is valid.
 * Source: apache/mesos src/common/roles.cpp (validate).
 */
export function findRoleFault(role: unknown): string | undefined {
  if (typeof role !== 'string' || role === '') return 'must be the name of a role'
  if (role === '*') return undefined
  const fault = findCharacterFault(role)
  if (fault !== undefined) return fault
  // Only the space: Mesos compares bytes.
  if (role.includes(' ')) return 'has a blank in it: leave it out'
  const parts = role.split('/')
  if (parts.includes('')) return 'must have a name before and after each /'
  const special = parts.find((part) => ['.', '..', '*'].includes(part))
  if (special !== undefined) return `must not have ${special} as a part of its path`
  return parts.some((part) => part.startsWith('-'))
    ? 'must not have a part that starts with a dash'
    : undefined
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
