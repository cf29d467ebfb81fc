/** A Maven repository on this machine, with projects that a test adds. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface MavenSite {
  readonly url: string
  /** Empty folder for a cache, removed with the site. */
  readonly folder: string
  /** Requested paths in order, without those of checksums. */
  readonly requests: string[]
  /** Bytes by path. Each has a checksum, unless `hasChecksums` is false. */
  readonly files: Map<string, string | Buffer>
  hasChecksums: boolean
  /** The response for the path of a checksum that is not in `files`. */
  checksumOf(path: string): string | undefined
  /** Replaces the usual response when it returns true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /**
   * Adds a project, `group:artifact:version`, and its jar. `body` has the elements of its POM
   * besides the coordinates.
   */
  add(gav: string, body?: string, jar?: string): void
  /** Adds `maven-metadata.xml` of a project. */
  list(project: string, versions: readonly string[]): void
  close(): Promise<void>
}

export async function startMavenSite(): Promise<MavenSite> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-site-'))
  const files = new Map<string, string | Buffer>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1))
    if (!/\.(?:sha\d+|md5)$/.test(path)) requests.push(path)
    if (site.intercept?.(request, response) === true) return
    const found = files.get(path) ?? site.checksumOf(path)
    response.statusCode = found === undefined ? 404 : 200
    response.end(found)
  })

  function sha1Of(path: string): string | undefined {
    const content = path.endsWith('.sha1') ? files.get(path.slice(0, -5)) : undefined
    return content === undefined ? undefined : createHash('sha1').update(content).digest('hex')
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const site: MavenSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    requests,
    files,
    hasChecksums: true,
    checksumOf: (path) => (site.hasChecksums ? sha1Of(path) : undefined),
    intercept: undefined,
    add(gav, body = '', jar = `jar of ${gav}`) {
      const [groupId = '', artifactId = '', version = ''] = gav.split(':')
      const base = `${groupId.replaceAll('.', '/')}/${artifactId}/${version}/${artifactId}-${version}`
      const names = `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>`
      files.set(
        `${base}.pom`,
        `<project><modelVersion>4.0.0</modelVersion>${names}${body}</project>`,
      )
      files.set(`${base}.jar`, jar)
    },
    list(project, versions) {
      const [groupId = '', artifactId = ''] = project.split(':')
      const listed = versions.map((version) => `<version>${version}</version>`).join('')
      const last = versions.at(-1)
      files.set(
        `${groupId.replaceAll('.', '/')}/${artifactId}/maven-metadata.xml`,
        `<metadata><versioning><latest>${last}</latest><release>${last}</release><versions>${listed}</versions><lastUpdated>20240101000000</lastUpdated></versioning></metadata>`,
      )
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
  return site
}

/** `<dependencies>` of `group:artifact:version`, each with optional further elements. */
export function dependencies(...found: readonly (string | readonly [string, string])[]): string {
  return `<dependencies>${found.map(dependency).join('')}</dependencies>`
}

/** `<dependencyManagement>` of the same. */
export function managed(...found: readonly (string | readonly [string, string])[]): string {
  return `<dependencyManagement>${dependencies(...found)}</dependencyManagement>`
}

export function parent(gav: string): string {
  const [groupId, artifactId, version] = gav.split(':')
  return `<parent><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></parent>`
}

export function exclusions(...found: readonly string[]): string {
  const all = found.map((name) => {
    const [groupId, artifactId] = name.split(':')
    return `<exclusion><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId></exclusion>`
  })
  return `<exclusions>${all.join('')}</exclusions>`
}

function dependency(found: string | readonly [string, string]): string {
  const [gav, body] = typeof found === 'string' ? [found, ''] : found
  const [groupId, artifactId, version] = gav.split(':')
  const written = version === undefined ? '' : `<version>${version}</version>`
  return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId>${written}${body}</dependency>`
}
