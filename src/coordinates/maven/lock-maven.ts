/** The Maven part of a lock file, and its files. */
import { formatCoordinate, parseCoordinate } from '../packages/coordinate.ts'
import type { MavenCoordinate } from '../packages/coordinate.ts'
import { defined } from '../../defined.ts'
import { configInvalid, JarcastError } from '../../errors.ts'
import { mapLimited } from '../http/map-limited.ts'
import type { LockedArtifact, MavenLock, MavenLockRequest } from '../packages/package-lock.ts'
import type { FetchedPackage, PackageProgress } from '../packages/packages.ts'
import { fileNameOf } from './model/artifact.ts'
import { toNeededBy } from './graph/needed-by.ts'
import type { JavaPlatform } from './model/platform.ts'
import type { Exclusion } from './model/pom.ts'
import { resolveMaven } from './resolve-maven.ts'
import type { MavenClosure, ResolvedArtifact } from './resolve-maven.ts'
import type { FetchedFile, MavenSource } from './repositories/source.ts'
import { isSnapshot } from './versions/version.ts'

export interface LockMavenOptions {
  readonly source: MavenSource
  readonly java: JavaPlatform
  /**
   * The last lock, for another request: versions that still fit are kept, and their bytes must be
   * equal.
   */
  readonly previous: MavenLock | undefined
  /** Files fetched at the same time. */
  readonly concurrency: number
  readonly onWarning: (message: string) => void
  readonly onProgress: (progress: PackageProgress) => void
}

/** Files are in class-path order. */
export interface LockedMaven {
  readonly lock: MavenLock
  readonly files: readonly FetchedPackage[]
}

/**
 * Resolves the request and fetches its libraries. Errors: those of `resolveMaven` and of the
 * source; `PACKAGE_CORRUPT` when a version has other bytes than in the previous lock.
 */
export async function lockMaven(
  request: MavenLockRequest,
  options: LockMavenOptions,
): Promise<LockedMaven> {
  const { source, java, previous, onWarning } = options
  const roots = request.packages.map(toCoordinate)
  const closure = await resolveMaven(
    {
      roots,
      boms: request.boms.map(toCoordinate),
      exclusions: request.exclusions.map(toExclusion),
      preferred: previous === undefined ? new Map() : preferredOf(previous),
    },
    source,
    java,
    onWarning,
  )
  const names = nameFiles(closure)
  const fetched = await mapLimited(closure.artifacts, options.concurrency, async (resolved) => {
    const report = reporter(resolved.id, options)
    const found = await source.fetch(resolved.artifact, report).catch((error: unknown) => {
      const needer = closure.artifacts.find(({ dependencies }) =>
        dependencies.includes(resolved.id),
      )
      throw toNeededBy(error, resolved.id, needer?.id)
    })
    return toLocked(resolved, found, names.get(resolved.id) ?? '', previous)
  })
  const lock: MavenLock = {
    request,
    roots: closure.roots,
    classPath: closure.artifacts.map(({ id }) => id),
    artifacts: Object.fromEntries(fetched.map(({ id, locked }) => [id, locked])),
    conflicts: closure.conflicts,
  }
  return { lock, files: fetched.map(({ id, file, locked }) => toFetched(id, file, locked)) }
}

/**
 * Fetches the libraries of a lock. Errors: those of the source; `PACKAGE_CORRUPT` when a library
 * has other bytes than in the lock.
 */
export async function fetchLockedMaven(
  lock: MavenLock,
  options: Pick<LockMavenOptions, 'source' | 'concurrency' | 'onProgress'>,
): Promise<LockedMaven> {
  const files = await mapLimited(lock.classPath, options.concurrency, async (id) => {
    const locked = lock.artifacts[id] as LockedArtifact
    const { file, sha256 } = await options.source.fetchPath(locked.path, reporter(id, options))
    if (sha256 !== locked.sha256) throw changed(id, sha256, locked.sha256)
    return toFetched(id, file, locked)
  })
  return { lock, files }
}

function toLocked(
  { id, artifact, scope, isOnClassPath, dependencies }: ResolvedArtifact,
  { file, path, sha256, sizeBytes }: FetchedFile,
  name: string,
  previous: MavenLock | undefined,
): { readonly id: string; readonly file: string; readonly locked: LockedArtifact } {
  const known = previous?.artifacts[id]
  if (known !== undefined && known.sha256 !== sha256 && !isSnapshot(artifact.version)) {
    throw changed(id, sha256, known.sha256)
  }
  const { version } = artifact
  return {
    id,
    file,
    locked: { name, version, sha256, sizeBytes, path, scope, isOnClassPath, dependencies },
  }
}

function changed(id: string, actual: string, expected: string): JarcastError {
  const message = `maven:${id} has SHA-256 ${actual}, the lock file says ${expected}: a released file never changes`
  return new JarcastError('PACKAGE_CORRUPT', message, {
    details: { package: `maven:${id}`, actual, expected },
  })
}

/** File names by id, with the group as prefix where two artifacts have one file name. */
function nameFiles({ artifacts }: MavenClosure): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const { artifact } of artifacts) {
    const name = fileNameOf(artifact)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return new Map(
    artifacts.map(({ id, artifact }) => {
      const name = fileNameOf(artifact)
      return [id, (counts.get(name) ?? 0) > 1 ? `${artifact.groupId}.${name}` : name]
    }),
  )
}

/** Versions by `group:artifact`, for roots such as `RELEASE`. */
function preferredOf({ artifacts }: MavenLock): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(artifacts).map(([id, { version }]) => [id.split(':', 2).join(':'), version]),
  )
}

function toFetched(id: string, file: string, locked: LockedArtifact): FetchedPackage {
  const { name, version, sha256, sizeBytes, isOnClassPath } = locked
  const kind = isOnClassPath ? 'jar' : name.endsWith('.pom') ? undefined : 'file'
  return { id: `maven:${id}`, name, version, file, sha256, sizeBytes, kind }
}

function reporter(
  id: string,
  { onProgress }: Pick<LockMavenOptions, 'onProgress'>,
): (bytes: number, ofBytes: number | undefined) => void {
  return (bytes, ofBytes) => {
    onProgress({ package: `maven:${id}`, fetchedBytes: bytes, ...defined({ sizeBytes: ofBytes }) })
  }
}

function toCoordinate(text: string): MavenCoordinate {
  const coordinate = parseCoordinate(text)
  if (coordinate.kind === 'maven') return coordinate
  throw configInvalid('bom', `${formatCoordinate(coordinate)} is not a Maven coordinate`)
}

function toExclusion(text: string): Exclusion {
  const [groupId = '', artifactId = '*', ...more] = text.split(':')
  if (groupId !== '' && artifactId !== '' && more.length === 0) return { groupId, artifactId }
  const message = `invalid exclusion ${JSON.stringify(text)}: write GROUP:ARTIFACT or GROUP:*`
  throw configInvalid('exclude', message)
}
