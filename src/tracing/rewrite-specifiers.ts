/**
 * Makes the specifiers of one of the user's modules right for its place in the tree: modules of
 * TypeScript have the names of JavaScript there, and Node knows no aliases.
 */
import { dirname, posix, resolve } from 'node:path'
import { configInvalid } from '../errors.ts'
import { findReferences } from './module-references.ts'
import type { Reference } from './module-references.ts'
import { originalLine } from './stripped.ts'
import type { Stripped } from './stripped.ts'
import type { Resolved, TracedFiles } from './trace-files.ts'

export interface RewriteOptions {
  /** Path on this machine. */
  readonly path: string
  readonly script: Stripped
  /** Paths in the tree. */
  readonly places: ReadonlyMap<string, string>
  readonly traced: Pick<TracedFiles, 'resolved' | 'stripped'>
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Returns the text with changed specifiers; lines stay. Throws `CONFIG_INVALID` with file and line
 * for TypeScript that is no JavaScript after its types are stripped.
 */
export function rewriteSpecifiers(options: RewriteOptions): string {
  const text = options.script.code
  const edits = referencesIn(options).flatMap((reference) => editOf(reference, options))
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end), text)
}

function referencesIn({ path, script, traced }: RewriteOptions): readonly Reference[] {
  try {
    return findReferences(script.code)
  } catch (cause) {
    // Node says what is wrong with JavaScript, when it loads it.
    if (!traced.stripped.has(path)) return []
    const { pos = 0, message } = cause as { readonly pos?: number; readonly message: string }
    const why = message.replace(/ \(\d+:\d+\)$/, '')
    const remedy = 'types are stripped, and nothing else is compiled (decorators, JSX): compile it'
    throw configInvalid('module', `${path}:${originalLine(script, pos)}: ${why}; ${remedy}`, cause)
  }
}

function editOf(reference: Reference, options: RewriteOptions): readonly Edit[] {
  const { specifier, start, end } = reference
  const written = options.script.code.slice(start, end)
  const quote = written.at(-1) ?? "'"
  if (specifier === undefined) return withScriptEnding(written, start, end)
  const found = targetOf(reference, specifier, options)
  const place = found && options.places.get(found.path)
  if (found === undefined || place === undefined || !needsEdit(found, specifier, options)) return []
  const own = dirname(options.places.get(options.path) ?? '')
  const path = posix.relative(own, place)
  return [{ start, end, text: `${quote}${path.startsWith('../') ? '' : './'}${path}${quote}` }]
}

function targetOf(
  { kind }: Reference,
  specifier: string,
  { path, traced }: RewriteOptions,
): Resolved | undefined {
  if (kind === 'module') return traced.resolved(path, specifier)
  return { path: resolve(dirname(path), specifier), isAlias: false }
}

/** Node finds an exact path by itself, and a package. */
function needsEdit(found: Resolved, specifier: string, { path, traced }: RewriteOptions): boolean {
  if (traced.stripped.has(found.path)) return true
  return found.isAlias && resolve(dirname(path), specifier) !== found.path
}

/** `./jobs/${name}.ts` is `./jobs/${name}.js` in the tree. */
function withScriptEnding(written: string, start: number, end: number): readonly Edit[] {
  const isOfPath = /^[`'"]\.{1,2}\//.test(written) && /\.[mc]?ts[`'"]$/.test(written)
  return isOfPath ? [{ start, end, text: written.replace(/ts([`'"])$/, 'js$1') }] : []
}
