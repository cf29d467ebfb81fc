/** Hashes of states and of machines. */
import { createHash } from 'node:crypto'
import type { AnyStateMachine } from 'xstate'

/** JSON with sorted keys, without undefined members. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined && typeof member !== 'function')
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** First 16 hex digits of the SHA-256 of a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * Hash of a machine's definition: states, transitions, guards, actions and delays by name, and
 * those of every machine it invokes. The bodies of functions are not part of it.
 */
export function fingerprintOf(machine: AnyStateMachine): string {
  return hashOf(canonicalJson(definitionOf(machine)))
}

function definitionOf(machine: AnyStateMachine): unknown {
  const actors = Object.entries(machine.implementations.actors).map(([src, logic]) => [
    src,
    'config' in logic ? definitionOf(logic as AnyStateMachine) : 'no machine',
  ])
  return { config: named(machine.config), actors }
}

/** Replaces functions by their names, without the number that a bundler may add. */
function named(value: unknown): unknown {
  if (typeof value === 'function') return `(${value.name.replace(/\d+$/, '')})`
  if (Array.isArray(value)) return value.map(named)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, named(member)]))
}
