/**
 * Finds the module of a function, and the export under which the module has it. V8 knows where the
 * source of a function is; the module itself must then show the same function.
 * Source: Chrome DevTools Protocol, `Runtime.getProperties`, internal property `FunctionLocation`.
 */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isRecord } from '../domain/json.ts'
import { JarcastError } from '../errors.ts'

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown

export interface FunctionPlace {
  /** Path of the module. */
  readonly module: string
  /** Name of the export. */
  readonly export: string
}

interface Location {
  readonly url: string
  /** From 1. */
  readonly line: number
}

/**
 * Errors: `TASK_INVALID` for a function that is no export of a module, such as a closure, a bound
 * or a built-in function, and for one of the script that this process was started with.
 */
export async function locateFunction(fn: AnyFunction): Promise<FunctionPlace> {
  const name = fn.name === '' ? 'the function' : `the function ${fn.name}`
  const location = await findLocation(fn)
  if (location === undefined) throw unlocated(`${name} has no source (it is bound or built in)`)
  const { url, line } = location
  const path = pathOf(url)
  if (path === undefined) throw unlocated(`${name} is of no module (${url || 'eval'})`)
  if (isMainScript(path)) {
    const why = `${name} is in ${path}, which this process was started with: agents would run all of it`
    throw unlocated(why, 'move it to a module of its own')
  }
  const exported = findExport((await import(url)) as Exports, fn)
  if (exported !== undefined) return { module: path, export: exported }
  throw unlocated(`${name} (${path}:${line}) is no export of its module`, 'export it')
}

type Exports = Readonly<Record<string, unknown>>

async function findLocation(fn: AnyFunction): Promise<Location | undefined> {
  const { Session } = await import('node:inspector')
  const session = new Session()
  session.connect()
  const urls = new Map<string, string>()
  const key = `jarcastFunction${process.hrtime.bigint()}`
  let found: unknown
  // Answers come before `post` returns, so no code of the user runs while the debugger is on.
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  Object.defineProperty(globalThis, key, { value: fn, configurable: true })
  try {
    session.post('Debugger.enable')
    session.post('Runtime.evaluate', { expression: key }, (_error, { result }) => {
      const { objectId = '' } = result
      session.post('Runtime.getProperties', { objectId }, (_fault, { internalProperties }) => {
        found = internalProperties?.find((one) => one.name === '[[FunctionLocation]]')?.value?.value
      })
    })
  } finally {
    Reflect.deleteProperty(globalThis, key)
    session.disconnect()
  }
  if (!isRecord(found)) return undefined
  return { url: urls.get(String(found['scriptId'])) ?? '', line: Number(found['lineNumber']) + 1 }
}

/** Undefined for scripts that are no files. */
function pathOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined
}

function isMainScript(path: string): boolean {
  const [, main = ''] = process.argv
  try {
    return realpathSync(main) === realpathSync(path)
  } catch {
    return false
  }
}

/** An export, or a property of the default export, as task hosts search them. */
function findExport(exports: Exports, fn: AnyFunction): string | undefined {
  return nameIn(exports, fn) ?? nameIn(exports['default'], fn)
}

function nameIn(holder: unknown, fn: AnyFunction): string | undefined {
  if ((typeof holder !== 'object' || holder === null) && typeof holder !== 'function')
    return undefined
  // Static methods of a class are not enumerable. Getters are not called.
  return Object.getOwnPropertyNames(holder).find(
    (name) => Object.getOwnPropertyDescriptor(holder, name)?.value === fn,
  )
}

function unlocated(why: string, remedy = 'give module and export of its work'): JarcastError {
  return new JarcastError('TASK_INVALID', `${why}; ${remedy}`)
}
