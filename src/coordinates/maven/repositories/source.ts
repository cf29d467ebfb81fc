/**
 * Everything that Maven repositories can be asked for: from the cache, from Maven's own downloads,
 * from the network.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { JarcastError, toFileError } from '../../../errors.ts'
import type { HttpClient } from '../../http/http-client.ts'
import { baseVersionOf, fileNameOf, folderOf, pathOf, projectFolderOf } from '../model/artifact.ts'
import type { Artifact, Gav } from '../model/artifact.ts'
import { digestFile } from '../../http/checksums.ts'
import type { ChecksumAlgorithm } from '../../http/checksums.ts'
import { decodeXml } from '../../xml/decode-xml.ts'
import { packageCache } from '../../http/file-cache.ts'
import type { FileCache } from '../../http/file-cache.ts'
import type { FindLocal } from './local-repository.ts'
import { newestBuild, parseMetadata } from './metadata.ts'
import type { Metadata } from './metadata.ts'
import { download } from './repository-client.ts'
import type { Repository } from './repositories.ts'
import { isSnapshot } from '../versions/version.ts'

export interface MavenSource {
  /**
   * Text of a POM, and what to call it in errors; undefined when no repository has it. `RELEASE`
   * and `LATEST` stand for versions. Rejects with `PACKAGE_INVALID` when it is in no known
   * encoding.
   */
  pom(gav: Gav): Promise<{ readonly text: string; readonly source: string } | undefined>
  /** All versions that the repositories list. */
  versionsOf(project: Omit<Gav, 'version'>): Promise<readonly string[]>
  /** What `RELEASE` and `LATEST` stand for. */
  newestOf(project: Omit<Gav, 'version'>, kind: 'RELEASE' | 'LATEST'): Promise<string | undefined>
  /**
   * Brings the file onto this machine. Rejects with `PACKAGE_NOT_FOUND` when no repository has it.
   */
  fetch(artifact: Artifact, onProgress?: FetchProgress): Promise<FetchedFile>
  /**
   * The same for a path below a repository's root, that one build of a snapshot; who asks knows its
   * SHA-256, so that a checksum of the repository may be missing.
   */
  fetchPath(path: string, onProgress?: FetchProgress): Promise<FetchedFile>
}

export type FetchProgress = (bytes: number, ofBytes: number | undefined) => void

export interface FetchedFile {
  /** On this machine. */
  readonly file: string
  readonly repositoryId: string
  /** Below the repository's root. */
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
}

/** What a library in the cache is, kept beside it. */
interface Checked {
  readonly sha256: string
  readonly sizeBytes: number
  /** False when the repository had no checksum for it. */
  readonly hasChecksum: boolean
}

export interface MavenSourceOptions {
  readonly client: HttpClient
  readonly cache: FileCache
  readonly repositories: readonly Repository[]
  readonly findLocal: FindLocal
  readonly isOffline: boolean
  /** Asks again for what changes: snapshots, lists of versions, what was not there before. */
  readonly isUpdate: boolean
  /** What to do about a library without a checksum. */
  readonly missingChecksum: 'warn' | 'fail'
  readonly onWarning: (message: string) => void
}

const dayMs = 24 * 60 * 60 * 1000
const maxTextBytes = 8 * 1024 * 1024
const maxLibraryBytes = 2 * 1024 * 1024 * 1024
// The registry that could change a file could change its checksum: it tells what was damaged on the
// way. So POMs, of which there are hundreds, are checked by the one that is always there.
const pomChecksums: readonly ChecksumAlgorithm[] = ['sha1', 'sha256', 'sha512', 'md5']
const checkedSuffix = '.checked'
// Strongest first; but what a repository had for the last library it is asked for first for the
// next.
const libraryChecksums: readonly ChecksumAlgorithm[] = ['sha512', 'sha256', 'sha1', 'md5']

/**
 * Each file is asked for once, however many ask for it at the same time. Errors: those of the
 * client and of `download`.
 */
export function createMavenSource(options: MavenSourceOptions): MavenSource {
  const { client, cache, repositories, findLocal, isOffline, isUpdate, onWarning } = options
  const maxAgeMs = isUpdate && !isOffline ? 0 : dayMs
  const open = new Map<string, Promise<string | undefined>>()
  // Of libraries, by repository and path.
  const checked = new Map<string, Checked>()
  const lastChecksums = new Map<string, ChecksumAlgorithm>()

  function checksumsOf({ cacheKey }: Repository): readonly ChecksumAlgorithm[] {
    const last = lastChecksums.get(cacheKey)
    return last === undefined ? libraryChecksums : [...new Set([last, ...libraryChecksums])]
  }

  /** Path of the file on this machine; undefined when the repository has none. */
  function bring(
    repository: Repository,
    path: string,
    how: { readonly isChanging: boolean; readonly isLibrary: boolean },
    onProgress?: FetchProgress,
  ): Promise<string | undefined> {
    const key = `${repository.cacheKey} ${path} ${how.isLibrary}`
    const known = open.get(key)
    if (known !== undefined) return known
    const bringing = bringOnce(repository, path, how, onProgress)
    open.set(key, bringing)
    return bringing
  }

  async function bringOnce(
    repository: Repository,
    path: string,
    { isChanging, isLibrary }: { readonly isChanging: boolean; readonly isLibrary: boolean },
    onProgress?: FetchProgress,
  ): Promise<string | undefined> {
    const { cacheKey } = repository
    const cached = cache.pathOf(cacheKey, path)
    const ageMs = isChanging && !isOffline ? maxAgeMs : Number.POSITIVE_INFINITY
    const isThere = await cache.has(cacheKey, path, ageMs)
    if (isThere && (!isLibrary || (await isAsChecked(repository, path)))) return cached
    const local = isChanging ? undefined : await findLocal(repository.id, path)
    if (local !== undefined) {
      await cache.put(cacheKey, path, async (temporary) => {
        await copyFile(local, temporary)
        if (isLibrary) await keepChecked(repository, path, await digestsOf(temporary, true))
      })
      return cached
    }
    if (isOffline && isThere) throw damaged(repository, path)
    if (isOffline || (await cache.isAbsent(cacheKey, path, maxAgeMs))) return undefined
    return (await downloadInto(repository, path, isLibrary, onProgress)) ? cached : undefined
  }

  async function downloadInto(
    repository: Repository,
    path: string,
    isLibrary: boolean,
    onProgress?: FetchProgress,
  ): Promise<boolean> {
    try {
      await cache.put(repository.cacheKey, path, async (temporary) => {
        const found = await download(client, repository, path, temporary, {
          maxBytes: isLibrary ? maxLibraryBytes : maxTextBytes,
          algorithms: isLibrary ? checksumsOf(repository) : pomChecksums,
          onProgress,
        })
        if (found === undefined) throw absent
        if (!isLibrary) return
        const { checkedBy, sha256, sizeBytes } = found
        const hasChecksum = checkedBy !== undefined
        if (hasChecksum) lastChecksums.set(repository.cacheKey, checkedBy)
        await keepChecked(repository, path, { sha256, sizeBytes, hasChecksum })
      })
      return true
    } catch (error) {
      if (error !== absent) throw error
      await cache.markAbsent(repository.cacheKey, path)
      return false
    }
  }

  /** False for a library in the cache that is not what it was when it came. */
  async function isAsChecked({ cacheKey }: Repository, path: string): Promise<boolean> {
    const kept = await cache.read(cacheKey, `${path}${checkedSuffix}`)
    const [sha256, word] = kept?.toString().split(' ') ?? []
    const found = await digestsOf(cache.pathOf(cacheKey, path), word === 'checked')
    checked.set(`${cacheKey} ${path}`, found)
    return found.sha256 === sha256
  }

  /** Written before the library itself, which is not taken without it. */
  async function keepChecked(
    { cacheKey }: Repository,
    path: string,
    found: Checked,
  ): Promise<void> {
    checked.set(`${cacheKey} ${path}`, found)
    await cache.put(cacheKey, `${path}${checkedSuffix}`, (temporary) =>
      writeFile(temporary, `${found.sha256} ${found.hasChecksum ? 'checked' : 'unchecked'}`),
    )
  }

  function damaged(repository: Repository, path: string): JarcastError {
    const file = cache.pathOf(repository.cacheKey, path)
    const message = `${file} is not what repository ${repository.id} gave, and this is offline; resolve it once without --offline`
    return new JarcastError('PACKAGE_CORRUPT', message, { details: { source: path } })
  }

  function noChecksum(repository: Repository, path: string): void {
    const message = `repository ${repository.id} has no checksum for ${path}`
    if (options.missingChecksum === 'warn') return onWarning(message)
    throw new JarcastError('PACKAGE_CORRUPT', message, { details: { source: path } })
  }

  async function metadataOf(repository: Repository, folder: string): Promise<Metadata | undefined> {
    const path = `${folder}/maven-metadata.xml`
    const file = await bring(repository, path, { isChanging: true, isLibrary: false })
    if (file === undefined) return undefined
    try {
      return parseMetadata(await readXml(file, path), path)
    } catch (error) {
      if (!(error instanceof JarcastError) || error.code !== 'PACKAGE_INVALID') throw error
      onWarning(`taken as if repository ${repository.id} listed nothing there: ${error.message}`)
      return undefined
    }
  }

  /** Metadata of all repositories that may have such versions. */
  async function allMetadata(
    folder: string,
  ): Promise<readonly (readonly [Repository, Metadata])[]> {
    const found = await Promise.all(
      repositories.map(
        async (repository) => [repository, await metadataOf(repository, folder)] as const,
      ),
    )
    return found.filter((pair): pair is readonly [Repository, Metadata] => pair[1] !== undefined)
  }

  /** The addresses of a file; of a snapshot the newest build first. */
  async function placesOf(artifact: Artifact): Promise<readonly (readonly [Repository, string])[]> {
    if (!isSnapshot(artifact.version)) {
      const isBuild = baseVersionOf(artifact.version) !== artifact.version
      const offering = repositories.filter((found) =>
        isBuild ? found.hasSnapshots : found.hasReleases,
      )
      return offering.map((found) => [found, pathOf(artifact)])
    }
    const builds = await Promise.all(
      repositories
        .filter(({ hasSnapshots }) => hasSnapshots)
        .map(async (repository) => {
          const metadata = await metadataOf(repository, folderOf(artifact))
          const build = metadata && newestBuild(metadata, artifact)
          return {
            repository,
            updated: build?.updated ?? '',
            path: pathOf(artifact, build?.fileVersion),
          }
        }),
    )
    return builds
      .toSorted((one, other) => (one.updated < other.updated ? 1 : -1))
      .map(({ repository, path }) => [repository, path])
  }

  const newestOf: MavenSource['newestOf'] = async (project, kind) => {
    const found = await allMetadata(projectFolderOf(project))
    const named = found
      .map(([, { release, latest, lastUpdated }]) => ({
        version: kind === 'RELEASE' ? release : (latest ?? release),
        lastUpdated,
      }))
      .filter(({ version }) => version !== undefined)
    return named.toSorted((one, other) => (one.lastUpdated < other.lastUpdated ? 1 : -1))[0]
      ?.version
  }

  return {
    newestOf,
    async pom({ version, ...project }) {
      const isOpen = version === 'RELEASE' || version === 'LATEST'
      const fixed = isOpen ? ((await newestOf(project, version)) ?? version) : version
      const artifact = { ...project, version: fixed, extension: 'pom', classifier: '' }
      for (const [repository, path] of await placesOf(artifact)) {
        const file = await bring(repository, path, { isChanging: false, isLibrary: false })
        if (file !== undefined) return { text: await readXml(file, path), source: path }
      }
      return undefined
    },
    async versionsOf(project) {
      const found = await allMetadata(projectFolderOf(project))
      const versions = found.flatMap(([{ hasReleases, hasSnapshots }, metadata]) =>
        metadata.versions.filter((version) => (isSnapshot(version) ? hasSnapshots : hasReleases)),
      )
      return [...new Set(versions)]
    },
    async fetch(artifact, onProgress) {
      const found = await fetchFrom(await placesOf(artifact), false, onProgress)
      if (found !== undefined) return found
      const { groupId, artifactId, version } = artifact
      throw notFound(`maven:${groupId}:${artifactId}:${version}`, fileNameOf(artifact))
    },
    async fetchPath(path, onProgress) {
      const places = repositories.map((repository) => [repository, path] as const)
      const found = await fetchFrom(places, true, onProgress)
      if (found !== undefined) return found
      throw notFound('the lock file', path)
    },
  }

  async function fetchFrom(
    places: readonly (readonly [Repository, string])[],
    isKnown: boolean,
    onProgress?: FetchProgress,
  ): Promise<FetchedFile | undefined> {
    for (const [repository, path] of places) {
      const file = await bring(repository, path, { isChanging: false, isLibrary: true }, onProgress)
      const found = checked.get(`${repository.cacheKey} ${path}`)
      if (file === undefined || found === undefined) continue
      const { sha256, sizeBytes, hasChecksum } = found
      if (!hasChecksum && !isKnown) noChecksum(repository, path)
      return { file, repositoryId: repository.id, path, sha256, sizeBytes }
    }
    return undefined
  }

  function notFound(name: string, file: string): JarcastError {
    const where = repositories.map(({ id }) => id).join(', ')
    const message = isOffline
      ? `${name}: ${file} is not in the cache, and this is offline; resolve it once without --offline`
      : `${name}: ${file} is in none of the repositories (${where}); check the coordinate, or add a repository`
    return new JarcastError('PACKAGE_NOT_FOUND', message, { details: { package: name } })
  }
}

async function readXml(file: string, source: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw toFileError(error, packageCache)
  })
  return decodeXml(bytes, source)
}

async function digestsOf(file: string, hasChecksum: boolean): Promise<Checked> {
  const { digests, sizeBytes } = await digestFile(file, ['sha256'])
  return { sha256: digests[0] ?? '', sizeBytes, hasChecksum }
}

// Thrown within this file only, to end a put without a file.
const absent = new Error('the repository has no such file')
