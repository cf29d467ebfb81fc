/**
 * Options that take several values, so that the shell may fill in `--jar lib/*.jar`, take everything up to the next
 * option: the module of tasks, too, when it stands behind them.
 */
import type { FrameworkFlags } from './framework-flags.ts'
import { JarcastError } from '../errors.ts'

const lists = ['jar', 'lib', 'archive', 'package', 'bom', 'exclude', 'repository'] as const

type List = (typeof lists)[number]

export interface RunWords {
  readonly path: string
  readonly flags: FrameworkFlags
}

/** True for the name of what can hold tasks. */
export function isModuleName(text: string): boolean {
  return /\.[cm]?[jt]s$/i.test(text)
}

/**
 * The module of tasks, given or at the end of the one list that took it: `--jar a.jar tasks.mjs`.
 * Throws `CONFIG_INVALID` where there is none, or more than one could be meant.
 */
export function takeModule(given: string | undefined, flags: FrameworkFlags): RunWords {
  if (given !== undefined) return { path: given, flags }
  const taking = lists.filter((list) => isModuleName(valuesOf(flags, list).at(-1) ?? ''))
  const [list] = taking
  const values = list === undefined ? [] : valuesOf(flags, list)
  const path = values.at(-1)
  // A single module may well be what is to be shipped.
  if (list !== undefined && path !== undefined && taking.length === 1 && values.length > 1)
    return { path, flags: { ...flags, [list]: values.slice(0, -1) } }
  const took = taking.map((name) => `--${name} took ${valuesOf(flags, name).join(' ')}`).join(', ')
  throw new JarcastError(
    'CONFIG_INVALID',
    `the module of tasks is missing${took === '' ? '' : `: ${took}`}; write it first: jarcast run tasks.mjs --jar …`,
  )
}

/** For an error of a command that lacks its words: what lists may have taken of them; empty when there are none. */
export function describeTaken(flags: FrameworkFlags): string {
  return lists
    .filter((list) => valuesOf(flags, list).length > 1)
    .map((list) => `--${list} took ${valuesOf(flags, list).join(' ')}`)
    .join(', ')
}

function valuesOf(flags: FrameworkFlags, list: List): readonly string[] {
  return flags[list] ?? []
}
