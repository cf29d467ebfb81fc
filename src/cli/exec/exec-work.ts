/** The work of `jarcast exec`, from its options and arguments. */
import { parseJson } from '../../domain/json.ts'
import type { Json } from '../../domain/json.ts'
import type { JvmIsolation } from '../../domain/tasks/jvm-isolation.ts'
import type { JavaWork, LoadClassWork, TaskWork } from '../../domain/tasks/task-work.ts'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'
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
  /** The module of `--js` if it is a file. */
  readonly libraries: readonly LibraryInput[]
}

/**
 * From flags and the words after them. Exactly one of `--load-class NAME`, `--java MAIN ARGS…`,
 * `--js FILE#export ARGS…` (each argument is JSON, or else a string) and `-- CMD…`.
 * `taken` names the options that may have taken words. Throws `CONFIG_INVALID`.
 */
export function toExecWork(flags: ExecFlags, words: readonly string[], taken = ''): ExecWork {
  const { loadClass, java = false, js = false } = flags
  const chosen = [loadClass !== undefined, java, js].filter(Boolean).length
  if (chosen > 1) throw invalidWork('give only one of --load-class, --java and --js')
  if (loadClass !== undefined) return inJvm(loadClassWork(loadClass, words), flags)
  if (java) return inJvm(javaWork(words), flags)
  if (flags.parentFirst !== undefined)
    throw invalidWork('--parent-first is for --load-class and --java')
  if (js) return jsWork(words, flags)
  if (flags.isolation !== undefined)
    throw invalidWork('--isolation is for --load-class, --java and --js')
  if (words.length > 0) return only({ kind: 'shell', command: joinWords(words) })
  const note = taken === '' ? '' : ` (${taken}; write a command after --)`
  throw invalidWork(
    `nothing to run: give --load-class NAME, --java MAIN, --js FILE#export or -- CMD${note}`,
  )
}

/** Adds the flags about the JVM, which are checked when the task is submitted. */
function inJvm(work: LoadClassWork | JavaWork, { isolation, parentFirst }: ExecFlags): ExecWork {
  return only({
    ...work,
    ...defined({ isolation, parentFirst }),
  })
}

function loadClassWork(className: string, words: readonly string[]): LoadClassWork {
  if (words.length === 0) return { kind: 'load-class', className }
  throw invalidWork(`--load-class takes no arguments, but got ${words.join(' ')}`)
}

function javaWork([mainClass, ...args]: readonly string[]): JavaWork {
  if (mainClass?.startsWith('-') === true) {
    throw invalidWork(
      `--java takes MAIN ARGS…, and ${mainClass} is no main class; it takes no options of java itself`,
    )
  }
  if (mainClass !== undefined) return { kind: 'java', mainClass, args }
  throw invalidWork('--java needs a main class; give --java MAIN ARGS… as the last option')
}

function jsWork([target = '', ...args]: readonly string[], { isolation }: ExecFlags): ExecWork {
  if (isolation === 'child-first') throw invalidWork('--isolation of --js is process or shared')
  const [, name, exported] = /^(.+)#([^#]+)$/.exec(target) ?? []
  if (name === undefined || exported === undefined) {
    throw invalidWork(`--js takes FILE#export ARGS… as the last option, but got "${target}"`)
  }
  const { module, library } = resolveModule(name, process.cwd())
  const work: TaskWork = {
    kind: 'js',
    module,
    export: exported,
    args: args.map(toJson),
    ...defined({ isolation }),
  }
  return { work, libraries: library === undefined ? [] : [library] }
}

function toJson(text: string): Json {
  const value = parseJson(text)
  return value === undefined ? text : (value as Json)
}

function only(work: TaskWork): ExecWork {
  return { work, libraries: [] }
}

function invalidWork(message: string): JarcastError {
  return configInvalid('work', message)
}
