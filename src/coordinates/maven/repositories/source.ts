/** What a resolution asks Maven repositories for: POMs, versions, libraries. */
import { JarcastError } from '../../../errors.ts'
import { baseVersionOf, fileNameOf, pathOf } from '../model/artifact.ts'
import type { Artifact, Gav } from '../model/artifact.ts'
import { isSnapshot } from '../versions/version.ts'
import type { Repository } from './repositories.ts'
import type { DownloadProgress } from './download.ts'
import { RepositoryFiles } from './repository-files.ts'
import type { RepositoryFilesOptions } from './repository-files.ts'
import { VersionLists } from './version-lists.ts'
import type { Place, Project } from './version-lists.ts'

export interface MavenSource {
  /**
   * Text of a POM, and its name for errors; undefined when no repository has it. The version may
   * be `RELEASE` or `LATEST`. Rejects with `PACKAGE_INVALID` when the encoding is unknown.
   */
  pom(gav: Gav): Promise<{ readonly text: string; readonly source: string } | undefined>
  /** All versions that the repositories list. */
  versionsOf(project: Project): Promise<readonly string[]>
  /** The concrete version; undefined when no repository lists any. */
  newestOf(project: Project, kind: 'RELEASE' | 'LATEST'): Promise<string | undefined>
  /** Fetches a library. Rejects with `PACKAGE_NOT_FOUND` when no repository has it. */
  fetch(artifact: Artifact, onProgress?: DownloadProgress): Promise<FetchedFile>
  /**
   * Fetches a library by its path below a repository's root, for a caller that knows the SHA-256:
   * the repository needs no checksum. Rejects with `PACKAGE_NOT_FOUND` when no repository has it.
   */
  fetchPath(path: string, onProgress?: DownloadProgress): Promise<FetchedFile>
}

export interface FetchedFile {
  /** On this machine. */
  readonly file: string
  /** Below the repository's root. */
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
}

export interface MavenSourceOptions extends RepositoryFilesOptions {
  /** In the order in which they are asked. */
  readonly repositories: readonly Repository[]
  /** What to do about a library without a checksum. */
  readonly missingChecksum: 'warn' | 'fail'
  readonly onWarning: (message: string) => void
}

/** Fetches each file once. Errors: those of the client, the cache and `download`. */
export function createMavenSource(options: MavenSourceOptions): MavenSource {
  const { repositories, onWarning } = options
  const files = new RepositoryFiles(options)
  const lists = new VersionLists(files, repositories, onWarning)

  async function placesOf(artifact: Artifact): Promise<readonly Place[]> {
    return isSnapshot(artifact.version)
      ? await lists.buildsOf(artifact)
      : fixedPlacesOf(artifact, repositories)
  }

  return {
    async pom({ version, ...project }) {
      const isOpen = version === 'RELEASE' || version === 'LATEST'
      const fixed = isOpen ? ((await lists.newestOf(project, version)) ?? version) : version
      const artifact = { ...project, version: fixed, extension: 'pom', classifier: '' }
      for (const [repository, path] of await placesOf(artifact)) {
        const text = await files.readText(repository, path, 'pom')
        if (text !== undefined) return { text, source: path }
      }
      return undefined
    },
    versionsOf: (project) => lists.versionsOf(project),
    newestOf: (project, kind) => lists.newestOf(project, kind),
    async fetch(artifact, onProgress) {
      for (const [repository, path] of await placesOf(artifact)) {
        const found = await files.fetchLibrary(repository, path, onProgress)
        if (found === undefined) continue
        if (!found.hasChecksum) reportMissingChecksum(repository, path, options)
        return { ...found, path }
      }
      const { groupId, artifactId, version } = artifact
      throw notFound(`maven:${groupId}:${artifactId}:${version}`, fileNameOf(artifact), options)
    },
    async fetchPath(path, onProgress) {
      for (const repository of repositories) {
        const found = await files.fetchLibrary(repository, path, onProgress)
        if (found !== undefined) return { ...found, path }
      }
      throw notFound('the lock file', path, options)
    },
  }
}

/** Places of a release, or of one build of a snapshot. */
function fixedPlacesOf(artifact: Artifact, repositories: readonly Repository[]): readonly Place[] {
  const isBuild = baseVersionOf(artifact.version) !== artifact.version
  return repositories
    .filter(({ hasReleases, hasSnapshots }) => (isBuild ? hasSnapshots : hasReleases))
    .map((repository) => [repository, pathOf(artifact)])
}

function reportMissingChecksum(
  { id }: Repository,
  path: string,
  { missingChecksum, onWarning }: MavenSourceOptions,
): void {
  const message = `repository ${id} has no checksum for ${path}`
  if (missingChecksum === 'warn') return onWarning(message)
  throw new JarcastError('PACKAGE_CORRUPT', message, { details: { source: path } })
}

function notFound(
  name: string,
  file: string,
  { repositories, isOffline }: MavenSourceOptions,
): JarcastError {
  const where = repositories.map(({ id }) => id).join(', ')
  const message = isOffline
    ? `${name}: ${file} is not in the cache, and this is offline; resolve it once without --offline`
    : `${name}: ${file} is in none of the repositories (${where}); check the coordinate, or add a repository`
  return new JarcastError('PACKAGE_NOT_FOUND', message, { details: { package: name } })
}
