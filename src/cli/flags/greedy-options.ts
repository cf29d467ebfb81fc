/**
 * Options that take all words up to the next option, so that the shell can expand
 * `--jar lib/*.jar`. They may also take a task module that follows them.
 */
import { configInvalid } from '../../errors.ts'
import type { InspectFlags } from './inspect-flags.ts'

const lists = ['jar', 'lib', 'archive', 'package', 'bom', 'exclude', 'repository'] as const

type List = (typeof lists)[number]
type ListFlags = { readonly [Name in List]?: readonly string[] } & Pick<InspectFlags, 'inspect'>

/** True for a file name that can be a task module. */
export function isModuleName(text: string): boolean {
  return /\.[cm]?[jt]s$/i.test(text)
}

/**
 * Returns the task module: `given`, or else the last word of the one list that took it, as in
 * `--jar a.jar tasks.mjs`, or the word that `--inspect` took; and the flags without it.
 * Throws `CONFIG_INVALID` if there is no module, or if several words could be it.
 */
export function takeModule<Flags extends ListFlags>(
  given: string | undefined,
  flags: Flags,
): { readonly path: string; readonly flags: Flags } {
  if (given !== undefined) return { path: given, flags }
  if (isModuleName(String(flags.inspect)))
    return { path: String(flags.inspect), flags: { ...flags, inspect: true } }
  const taking = lists.filter((list) => isModuleName(flags[list]?.at(-1) ?? ''))
  const [list] = taking
  const values = list === undefined ? [] : (flags[list] ?? [])
  const path = values.at(-1)
  // A list with one module only may be there to ship that module.
  if (list !== undefined && path !== undefined && taking.length === 1 && values.length > 1)
    return { path, flags: { ...flags, [list]: values.slice(0, -1) } }
  const took = taking.map((name) => describeList(flags, name)).join(', ')
  const why = took === '' ? '' : `: ${took}`
  const message = `the module of tasks is missing${why}; write it first: jarcast run tasks.mjs --jar …`
  throw configInvalid('tasks', message)
}

/** Names the lists that may have taken the missing words of a command; empty if there is none. */
export function describeTaken(flags: ListFlags): string {
  return lists
    .filter((list) => (flags[list]?.length ?? 0) > 1)
    .map((list) => describeList(flags, list))
    .join(', ')
}

function describeList(flags: ListFlags, list: List): string {
  return `--${list} took ${flags[list]?.join(' ')}`
}
