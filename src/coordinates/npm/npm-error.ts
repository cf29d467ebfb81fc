/** Turns errors of npm's libraries into errors that name the packages and the remedy. */
import type { ArboristTree } from '@npmcli/arborist'
import { JarcastError } from '../../errors.ts'
import { toFileError } from '../../file-error.ts'
import type { NpmCoordinate } from '../packages/coordinate.ts'
import { describeConflict } from './peer-conflict.ts'

export function npmError(error: unknown, what: string): JarcastError {
  return wordsFor(error, what, (message) => message)
}

/** For an error of the whole resolution; `tree` may be incomplete. */
export function toNpmError(
  error: unknown,
  roots: readonly NpmCoordinate[],
  tree: ArboristTree | null,
): JarcastError {
  const what = roots.map(({ name, range }) => `npm:${name}@${range}`).join(', ')
  return wordsFor(error, what, (message, code) => {
    if (code === 'ERESOLVE') return describeConflict(error as object, roots) ?? message
    const wanted = (error as { package?: unknown; spec?: unknown }).package
    const { requiredBy } = error as { requiredBy?: unknown }
    const kind = unfetched[code]
    if (kind !== undefined)
      return `${dependentOf(requiredBy, tree)} needs ${String(wanted)}, ${kind}; jarcast ships packages from registries only: override it with a version from a registry, or pack it with npm pack and add the .tgz`
    if (code === 'EUNSUPPORTEDPROTOCOL')
      return `${message} is not a version from a registry${neededBy(findDependent(message, tree))}; override it`
    if (code === 'EOVERRIDE')
      return `${message}; an override of a requested package must equal its coordinate, and $NAME must name a requested package`
    return `${message}${neededBy(dependentOf(requiredBy, tree, ''))}`
  })
}

const unfetched: Readonly<Record<string, string>> = {
  EALLOWGIT: 'a git repository',
  EALLOWREMOTE: 'a file at an address',
  EALLOWFILE: 'a local file',
  EALLOWDIRECTORY: 'a local folder',
}

const kinds: Readonly<Record<string, JarcastError['code']>> = {
  E404: 'PACKAGE_NOT_FOUND',
  ETARGET: 'PACKAGE_NOT_FOUND',
  ENOVERSIONS: 'PACKAGE_NOT_FOUND',
  ENOTCACHED: 'PACKAGE_NOT_FOUND',
  EINTEGRITY: 'PACKAGE_CORRUPT',
  EBADENGINE: 'PACKAGE_UNSUITABLE',
  EBADPLATFORM: 'PACKAGE_UNSUITABLE',
}

/** Errors that a retry cannot help. */
const final =
  /^(?:E(?:RESOLVE|OVERRIDE|ALLOW\w+|UNSUPPORTEDPROTOCOL|INVALID\w+|JSONPARSE|INCOMPLETEMANIFEST|MANIFESTMISMATCH|MISSINGTARGET)|ERR_INVALID_\w+)$/

function wordsFor(
  error: unknown,
  what: string,
  toText: (message: string, code: string) => string,
): JarcastError {
  const known = toFileError(error, "npm's cache")
  if (known instanceof JarcastError) return known
  const { code = '', message } = error as Partial<NodeJS.ErrnoException> & Error
  const kind = kinds[code] ?? kindOf(code)
  const text = withoutSecrets(toText(message, code))
  return new JarcastError(kind, `${what}: ${text}`, {
    // No cause: its stack and fields may contain addresses with passwords.
    retryable: kind === 'REGISTRY_UNREACHABLE',
    details: { package: what, npmCode: code },
  })
}

function kindOf(code: string): JarcastError['code'] {
  if (/^E4\d\d$/.test(code)) return 'REGISTRY_REJECTED'
  return code === '' || final.test(code) ? 'PACKAGE_UNRESOLVABLE' : 'REGISTRY_UNREACHABLE'
}

/** The package at a place, else `otherwise`. */
function dependentOf(place: unknown, tree: ArboristTree | null, otherwise = 'one of them'): string {
  const node = typeof place === 'string' ? tree?.inventory.get(place) : undefined
  if (node === undefined || node.isRoot) return otherwise
  return `npm:${node.packageName}@${node.version}`
}

function findDependent(message: string, tree: ArboristTree | null): string {
  for (const node of tree?.inventory.values() ?? []) {
    for (const { name, spec } of node.edgesOut.values()) {
      if (!message.includes(spec) || !/^[\w-]+:/.test(spec)) continue
      return `npm:${node.packageName}@${node.version} asks for ${name}`
    }
  }
  return ''
}

function neededBy(dependent: string): string {
  return dependent === '' ? '' : ` (${dependent})`
}

function withoutSecrets(message: string): string {
  const plain = message.replaceAll(/\/\/[^\s/@]*@/g, '//')
  return plain.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, 1000)
}
