/**
 * Explains the error of a task module, with its place: Node prints the line of a syntax error only
 * when it ends with that error.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Maximum number of modules to search for a syntax error. */
const maxModules = 100

/** Why the module at `path` cannot be loaded; undefined if it is a file. Never throws. */
export function missingModule(path: string): string | undefined {
  let found
  try {
    found = statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`
  }
  if (found === undefined) return 'it does not exist'
  return found.isFile() ? undefined : 'it is no file; give a module, such as tasks.mjs or tasks.ts'
}

/**
 * Describes `thrown`, an error of the module at `file` or of one that it imports, with file and
 * line if they can be found.
 */
export function describeModuleFault(file: string, thrown: unknown): string {
  if (!(thrown instanceof Error)) return `it threw ${String(thrown)}`
  const { name, message, stack = '' } = thrown
  if (thrown instanceof SyntaxError) {
    const place = headOf(stack) ?? findSyntaxError(file)
    return `${name}: ${message}${place === undefined ? '' : ` (${place})`}`
  }
  const place = placeIn(stack)
  return place === undefined ? message : `${message} (${place})`
}

/** Node gives the place of some syntax errors on the first line. */
function headOf(stack: string): string | undefined {
  const [, url, line] = /^(file:\/\/\S+?)(:\d+)\n/.exec(stack) ?? []
  return url === undefined || line === undefined ? undefined : `${fileURLToPath(url)}${line}`
}

const ownFolder = new URL('..', import.meta.url).href

/** True for an error with a place in this program, and none in a file of the user. */
export function isOwnFault(thrown: unknown): boolean {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  return stack.includes(ownFolder) && placeIn(stack) === undefined
}

/** The innermost place in a file of the user, such as `/home/me/tasks.mjs:3:7`. */
function placeIn(stack: string): string | undefined {
  const places = stack.matchAll(/^ +at (?:.*\()?(file:\/\/[^\s()]+?)(:\d+:\d+)\)?$/gm)
  for (const [, url = '', line = ''] of places)
    if (!url.startsWith(ownFolder)) return `${fileURLToPath(url)}${line}`
  return undefined
}

/**
 * Lets Node check the syntax of the module, and then of the modules that it imports by path,
 * without running them.
 */
function findSyntaxError(file: string): string | undefined {
  const files = [file]
  for (let at = 0; at < Math.min(files.length, maxModules); at += 1) {
    const path = files[at] ?? ''
    const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' })
    const line = /^(?:file:\/\/)?\S.*?:(\d+)$/m.exec(stderr)?.[1]
    if (line !== undefined) return `${path}:${line}`
    files.push(...importsOf(path).filter((found) => !files.includes(found)))
  }
  return undefined
}

function importsOf(path: string): readonly string[] {
  try {
    const named = readFileSync(path, 'utf8').matchAll(
      /\b(?:from|import)\s*\(?\s*['"](\.{0,2}\/[^'"]+)['"]/g,
    )
    return Array.from(named, ([, name = '']) => resolve(dirname(path), name))
  } catch {
    return []
  }
}
