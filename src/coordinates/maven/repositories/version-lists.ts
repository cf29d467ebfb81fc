/** What the `maven-metadata.xml` of all repositories say about one project. */
import { JarcastError } from '../../../errors.ts'
import { folderOf, pathOf, projectFolderOf } from '../model/artifact.ts'
import type { Artifact, Gav } from '../model/artifact.ts'
import { isSnapshot } from '../versions/version.ts'
import { newestBuild, parseMetadata } from './metadata.ts'
import type { Metadata } from './metadata.ts'
import type { Repository } from './repositories.ts'
import type { RepositoryFiles } from './repository-files.ts'

export type Project = Omit<Gav, 'version'>

/** One path of one repository. */
export type Place = readonly [repository: Repository, path: string]

export class VersionLists {
  readonly #files: RepositoryFiles
  readonly #repositories: readonly Repository[]
  readonly #onWarning: (message: string) => void

  constructor(
    files: RepositoryFiles,
    repositories: readonly Repository[],
    onWarning: (message: string) => void,
  ) {
    this.#files = files
    this.#repositories = repositories
    this.#onWarning = onWarning
  }

  async versionsOf(project: Project): Promise<readonly string[]> {
    const found = await this.#readAll(projectFolderOf(project))
    const versions = found.flatMap(({ repository: { hasReleases, hasSnapshots }, metadata }) =>
      metadata.versions.filter((version) => (isSnapshot(version) ? hasSnapshots : hasReleases)),
    )
    return [...new Set(versions)]
  }

  /** The version of the metadata that was updated last. */
  async newestOf(project: Project, kind: 'RELEASE' | 'LATEST'): Promise<string | undefined> {
    const found = await this.#readAll(projectFolderOf(project))
    const named = found
      .map(({ metadata: { release, latest, lastUpdated } }) => ({
        version: kind === 'RELEASE' ? release : (latest ?? release),
        lastUpdated,
      }))
      .filter(({ version }) => version !== undefined)
    return named.toSorted((one, other) => (one.lastUpdated < other.lastUpdated ? 1 : -1))[0]
      ?.version
  }

  /** Places of a snapshot's newest build in each repository, newest first. */
  async buildsOf(snapshot: Artifact): Promise<readonly Place[]> {
    const builds = await Promise.all(
      this.#repositories
        .filter(({ hasSnapshots }) => hasSnapshots)
        .map(async (repository) => {
          const metadata = await this.#read(repository, folderOf(snapshot))
          const build = metadata && newestBuild(metadata, snapshot)
          return {
            repository,
            updated: build?.updated ?? '',
            path: pathOf(snapshot, build?.fileVersion),
          }
        }),
    )
    return builds
      .toSorted((one, other) => (one.updated < other.updated ? 1 : -1))
      .map(({ repository, path }) => [repository, path])
  }

  async #readAll(
    folder: string,
  ): Promise<readonly { readonly repository: Repository; readonly metadata: Metadata }[]> {
    const found = await Promise.all(
      this.#repositories.map(async (repository) => {
        const metadata = await this.#read(repository, folder)
        return metadata && { repository, metadata }
      }),
    )
    return found.filter((pair) => pair !== undefined)
  }

  async #read(repository: Repository, folder: string): Promise<Metadata | undefined> {
    const path = `${folder}/maven-metadata.xml`
    try {
      const text = await this.#files.readText(repository, path, 'metadata')
      return text === undefined ? undefined : parseMetadata(text, path)
    } catch (error) {
      if (!(error instanceof JarcastError) || error.code !== 'PACKAGE_INVALID') throw error
      this.#onWarning(`ignored the metadata of repository ${repository.id}: ${error.message}`)
      return undefined
    }
  }
}
