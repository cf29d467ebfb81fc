/**
 * Options with several values, so that the shell can expand `--jar lib/*.jar`, take all words up to
 * the next option, including a task module after them.
 */
import type { FrameworkFlags } from './framework-flags.ts'
import { JarcastError } from '../../errors.ts'

const lists = ['jar', 'lib', 'archive', 'package', 'bom', 'exclude', 'repository'] as const

type List = (typeof lists)[number]

export interface RunWords {
  readonly path: string
  readonly flags: FrameworkFlags
}

/** True for a file name that can be a task module. */
export function isModuleName(text: string): boolean {
  return /\.[cm]?[jt]s$/i.test(text)
}

/**
 * The task module, given or taken from the end of the one list that swallowed it: `--jar a.jar
 * tasks.mjs`.
 * Throws `CONFIG_INVALID` if there is none, or if several are possible.
 */
export function takeModule(given: string | undefined, flags: FrameworkFlags): RunWords {
  if (given !== undefined) return { path: given, flags }
  const taking = lists.filter((list) => isModuleName(valuesOf(flags, list).at(-1) ?? ''))
  const [list] = taking
  const values = list === undefined ? [] : valuesOf(flags, list)
  const path = values.at(-1)
  // A single module may be meant to be shipped.
  if (list !== undefined && path !== undefined && taking.length === 1 && values.length > 1)
    return { path, flags: { ...flags, [list]: values.slice(0, -1) } }
  const took = taking.map((name) => `--${name} took ${valuesOf(flags, name).join(' ')}`).join(', ')
  throw new JarcastError(
    'CONFIG_INVALID',
    `the module of tasks is missing${took === '' ? '' : `: ${took}`}; write it first: jarcast run tasks.mjs --jar …`,
  )
}

/** A hint for a command that lacks words: which lists may have taken them; empty if none. */
export function describeTaken(flags: FrameworkFlags): string {
  return lists
    .filter((list) => valuesOf(flags, list).length > 1)
    .map((list) => `--${list} took ${valuesOf(flags, list).join(' ')}`)
    .join(', ')
}

function valuesOf(flags: FrameworkFlags, list: List): readonly string[] {
  return flags[list] ?? []
}
