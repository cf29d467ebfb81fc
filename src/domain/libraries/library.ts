/**
 * Libraries and library sets. A library is named by the SHA-256 of its bytes, a set by the
 * SHA-256 of its manifest, so equal names mean equal bytes and a set never changes.
 */
import { defined } from '../../defined.ts'
import { createHash } from 'node:crypto'
import { JarcastError } from '../../errors.ts'
import { isRecord, parseJson } from '../json.ts'
import { platforms } from '../runtimes/platforms.ts'
import type { Platform } from '../runtimes/platforms.ts'
import { isPackageName } from './package-name.ts'

/**
 * `jar` goes on the class path, `npm` (a packed tarball) into `node_modules`; `archive` is unpacked
 * into a folder of its name; `jre` is an archive with a Java for one platform; `file` is copied.
 */
export type LibraryKind = 'jar' | 'npm' | 'archive' | 'jre' | 'file'

export interface Library {
  /** File name, unique in its set; never a path. */
  readonly name: string
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string
  readonly sizeBytes: number
  readonly kind: LibraryKind
  /**
   * Only for an npm package: its path under `node_modules`. Default: the name in its package.json.
   */
  readonly place?: string
  /** Only for a JRE: the hosts that it runs on. Others do not fetch it. */
  readonly platform?: Platform
  /** Only for a JRE: SHA-256 of the list of what it unpacks to, see `formatTree`. */
  readonly tree?: string
  /** SHA-256 of the encoded list of its chunks, see `encodeChunkList`; large libraries have one. */
  readonly chunks?: string
}

/** Libraries in class-path order under the hash of their manifest. */
export interface LibrarySet {
  readonly id: string
  readonly libraries: readonly Library[]
}

const kinds: readonly string[] = ['jar', 'npm', 'archive', 'jre', 'file'] satisfies LibraryKind[]
/** Maximum number of libraries in a set. */
export const maxLibraries = 10_000

/** The set of these libraries in this order. Throws `CONFIG_INVALID` if two have the same name. */
export function createLibrarySet(libraries: readonly Library[]): LibrarySet {
  const names = new Set<string>()
  for (const { name } of libraries) {
    if (names.has(name)) {
      throw new JarcastError(
        'CONFIG_INVALID',
        `two libraries are named ${name}; rename one of them`,
        {
          details: { library: name },
        },
      )
    }
    names.add(name)
  }
  return { id: sha256Of(canonicalJson(libraries)), libraries }
}

/** The manifest of a set: exactly the text whose SHA-256 is the id of the set. */
export function manifestJson(set: LibrarySet): string {
  return canonicalJson(set.libraries)
}

/**
 * Reads a manifest that came over the network.
 * Errors: `LIBRARY_CORRUPT` (retryable) if its hash is not `expectedId`; `MESSAGE_INVALID` if its
 * shape is wrong.
 */
export function parseManifest(text: string, expectedId?: string): LibrarySet {
  const id = sha256Of(text)
  if (expectedId !== undefined && id !== expectedId) {
    throw new JarcastError('LIBRARY_CORRUPT', `manifest has hash ${id}, expected ${expectedId}`, {
      retryable: true,
      details: { expected: expectedId, actual: id },
    })
  }
  const parsed = parseJson(text)
  const entries = isRecord(parsed) ? parsed['libraries'] : undefined
  if (!Array.isArray(entries) || entries.length > maxLibraries || !entries.every(isManifestEntry)) {
    throw new JarcastError('MESSAGE_INVALID', `manifest ${id} is not a list of libraries`)
  }
  const libraries = entries
    .toSorted((one, other) => one.order - other.order)
    .map(({ name, sha256, sizeBytes, kind, place, platform, tree, chunks }) => ({
      name,
      sha256,
      sizeBytes,
      kind,
      ...defined({ place, platform, tree, chunks }),
    }))
  return { id, libraries }
}

/**
 * True for a name that stays inside its folder: no separators, no dot names, no control characters,
 * and at most 255 bytes, as Linux allows.
 */
export function isSafeFileName(name: string): boolean {
  const bytes = Buffer.byteLength(name)
  return bytes > 0 && bytes <= 255 && !/^\.{1,2}$|[/\\\u0000-\u001f\u007f]/.test(name)
}

function isManifestEntry(value: unknown): value is Library & { readonly order: number } {
  if (!isRecord(value)) return false
  const { name, sha256, sizeBytes, kind, order, place, platform, tree, chunks } = value
  return (
    typeof name === 'string' &&
    isSafeFileName(name) &&
    isDigest(sha256) &&
    (place === undefined || isPackageName(place)) &&
    (platform === undefined || platforms.some((one) => one === platform)) &&
    (tree === undefined || isDigest(tree)) &&
    (chunks === undefined || isDigest(chunks)) &&
    Number.isSafeInteger(sizeBytes) &&
    Number(sizeBytes) >= 0 &&
    typeof kind === 'string' &&
    kinds.includes(kind) &&
    Number.isSafeInteger(order)
  )
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function canonicalJson(libraries: readonly Library[]): string {
  return JSON.stringify({
    libraries: libraries.map(
      ({ name, sha256, sizeBytes, kind, place, platform, tree, chunks }, order) => ({
        // Left out if undefined: the id of a set of small libraries does not depend on chunks.
        ...defined({ chunks }),
        kind,
        name,
        order,
        ...defined({ place, platform }),
        sha256,
        sizeBytes,
        ...defined({ tree }),
      }),
    ),
  })
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
