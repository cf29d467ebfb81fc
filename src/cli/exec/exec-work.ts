/** `jarcast exec`: the one piece of work that its arguments name. */
import { parseJson } from '../../domain/json.ts'
import type { Json } from '../../domain/json.ts'
import type { JvmIsolation } from '../../domain/tasks/jvm-isolation.ts'
import type { JavaWork, LoadClassWork, TaskWork } from '../../domain/tasks/task-work.ts'
import { JarcastError } from '../../errors.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { joinWords } from './join-words.ts'
import { resolveModule } from '../session/shipped-module.ts'

export interface ExecFlags {
  readonly loadClass?: string
  readonly java?: boolean
  readonly js?: boolean
  readonly isolation?: JvmIsolation
  readonly parentFirst?: readonly string[]
}

export interface ExecWork {
  readonly work: TaskWork
  /** The module of `--js`, when it is a file. */
  readonly libraries: readonly LibraryInput[]
}

/**
 * From flags and the words after them. Exactly one of `--load-class NAME`, `--java MAIN ARGS…`,
 * `--js FILE#export ARGS…` (arguments are JSON where they parse as such, else strings) and `-- CMD…`.
 * `taken` says which options may have taken words. Throws `CONFIG_INVALID`.
 */
export function toExecWork(flags: ExecFlags, words: readonly string[], taken = ''): ExecWork {
  const { loadClass, java = false, js = false } = flags
  const chosen = [loadClass !== undefined, java, js].filter(Boolean).length
  if (chosen > 1) throw invalid('give only one of --load-class, --java and --js')
  if (loadClass !== undefined) return inJvm(loadClassWork(loadClass, words), flags)
  if (java) return inJvm(javaWork(words), flags)
  if (flags.isolation !== undefined || flags.parentFirst !== undefined)
    throw invalid('--isolation and --parent-first are for --load-class and --java')
  if (js) return jsWork(words)
  if (words.length > 0) return only({ kind: 'shell', command: joinWords(words) })
  const note = taken === '' ? '' : ` (${taken}; a command stands behind --)`
  throw invalid(
    `nothing to run: give --load-class NAME, --java MAIN, --js FILE#export or -- CMD${note}`,
  )
}

/** With what the flags say of the JVM; what is wrong with that is found when the task is submitted. */
function inJvm(work: LoadClassWork | JavaWork, { isolation, parentFirst }: ExecFlags): ExecWork {
  return only({
    ...work,
    ...(isolation === undefined ? {} : { isolation }),
    ...(parentFirst === undefined ? {} : { parentFirst }),
  })
}

function loadClassWork(className: string, words: readonly string[]): LoadClassWork {
  if (words.length === 0) return { kind: 'load-class', className }
  throw invalid(`--load-class takes no arguments, but got ${words.join(' ')}`)
}

function javaWork([mainClass, ...args]: readonly string[]): JavaWork {
  if (mainClass?.startsWith('-') === true) {
    throw invalid(
      `--java takes MAIN ARGS…, and ${mainClass} is no main class; java's own options are not taken`,
    )
  }
  if (mainClass !== undefined) return { kind: 'java', mainClass, args }
  throw invalid('--java lacks the main class; give --java MAIN ARGS… as the last of the options')
}

function jsWork([target = '', ...args]: readonly string[]): ExecWork {
  const [, name, exported] = /^(.+)#([^#]+)$/.exec(target) ?? []
  if (name === undefined || exported === undefined) {
    throw invalid(`--js takes FILE#export ARGS… as the last of the options, but got "${target}"`)
  }
  const { module, library } = resolveModule(name, process.cwd())
  const work: TaskWork = { kind: 'js', module, export: exported, args: args.map(toJson) }
  return { work, libraries: library === undefined ? [] : [library] }
}

function toJson(text: string): Json {
  const value = parseJson(text)
  return value === undefined ? text : (value as Json)
}

function only(work: TaskWork): ExecWork {
  return { work, libraries: [] }
}

function invalid(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message)
}
