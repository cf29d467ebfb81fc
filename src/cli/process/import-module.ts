/** Imports modules of the user: tasks, settings. */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isTypeScript } from '../../tracing/module-paths.ts'
import type { TracedModules } from '../../tracing/trace-modules.ts'

export type Exports = Readonly<Record<string, unknown>>

/**
 * Imports a module of JavaScript from its place. One of TypeScript, or with imports of such, is
 * imported from a copy as agents get it, under every version of Node. Errors name the places of the
 * originals.
 */
export async function importModule(file: string): Promise<Exports> {
  if (isTypeScript(file)) return await importCopy(file)
  try {
    return (await import(pathToFileURL(file).href)) as Exports
  } catch (error) {
    if (!isOfTypeScript(error)) throw error
    return await importCopy(file)
  }
}

async function importCopy(file: string): Promise<Exports> {
  // It stays for imports that happen later, and is removed with the temporary folder.
  const { traceModules } = await import('../../tracing/trace-modules.ts')
  const traced = await traceModules([file])
  const [place = ''] = traced.modules.values()
  try {
    return (await import(pathToFileURL(join(traced.folder, place)).href)) as Exports
  } catch (error) {
    throw withOriginalPlaces(error, traced)
  }
}

/**
 * True for what Node cannot run of TypeScript. Node 20 knows none; since 22.18 it strips types, but
 * has no enums, no aliases of a tsconfig.json, and no names of files without their extensions.
 */
function isOfTypeScript(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return /\.[mc]?ts"?(?: |$)/.test(message)
  if (/^ERR_(?:UNSUPPORTED|INVALID)_TYPESCRIPT_SYNTAX$/.test(code)) return true
  const isNotFound = /^ERR_(?:MODULE_NOT_FOUND|UNSUPPORTED_DIR_IMPORT)$/.test(code)
  return isNotFound && /imported from .*\.[mc]?ts$/m.test(message)
}

function withOriginalPlaces(error: unknown, { folder, files }: TracedModules): unknown {
  if (!(error instanceof Error)) return error
  const root = realpathSync(folder)
  const originals = (text: string): string =>
    files.reduce((done, { place, source }) => done.replaceAll(`${root}/${place}`, source), text)
  error.stack = originals(error.stack ?? '')
  error.message = originals(error.message)
  return error
}
