import { defined } from '../../../defined.ts'
import type { Filter } from '../../protocol/questions.ts'

/** What the page shows, as the part of its address after `#`: a link opens the same moment. */
export interface Address {
  readonly app?: string
  /** Missing: the newest entry is followed. */
  readonly entry?: number
  readonly view?: string
  readonly actor?: string
  readonly panel?: string
  /** Of the event log. */
  readonly filter?: Filter
}

/** Longest text of a filter, in the log's fields as in an address. */
export const maxFilterLength = 500

const names = ['app', 'view', 'actor', 'panel'] as const
const filterTexts = { text: 'find', actor: 'find-actor', type: 'find-type' } as const
const filterFlags = { isRegex: 'find-regex', failedOnly: 'find-failed' } as const

/**
 * Reads `#app=a&entry=12&view=sequence&actor=b&find=lost&find-failed=1`; what it cannot read is left
 * out.
 */
export function parseAddress(hash: string): Address {
  const members = new URLSearchParams(hash.replace(/^#/, ''))
  const entry = members.get('entry') ?? ''
  return defined({
    ...textsOf(members, Object.fromEntries(names.map((name) => [name, name]))),
    entry: /^\d{1,15}$/.test(entry) ? Number(entry) : undefined,
    filter: parseFilter(members),
  })
}

export function formatAddress(address: Address): string {
  const { filter = {} } = address
  const members = new URLSearchParams()
  const set = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') members.set(name, String(value))
  }
  for (const name of ['app', 'entry', 'view', 'actor', 'panel'] as const) set(name, address[name])
  for (const key of ['text', 'actor', 'type'] as const) set(filterTexts[key], filter[key])
  for (const key of ['isRegex', 'failedOnly'] as const)
    set(filterFlags[key], filter[key] === true ? 1 : undefined)
  return `#${members.toString()}`
}

function parseFilter(members: URLSearchParams): Filter | undefined {
  const texts = textsOf(members, filterTexts, maxFilterLength)
  const flags = Object.entries(filterFlags).flatMap(([key, name]) =>
    members.get(name) === '1' ? [[key, true] as const] : [],
  )
  const filter: Filter = { ...texts, ...Object.fromEntries(flags) }
  return Object.keys(filter).length === 0 ? undefined : filter
}

/** Members that have a text, by their keys. */
function textsOf(
  members: URLSearchParams,
  keys: Readonly<Record<string, string>>,
  maxLength = Number.POSITIVE_INFINITY,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, name]) => {
      const value = members.get(name) ?? ''
      return value === '' || value.length > maxLength ? [] : [[key, value]]
    }),
  )
}
