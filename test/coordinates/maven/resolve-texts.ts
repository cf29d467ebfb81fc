/** Resolves POMs of a test, without a repository. */
import type { MavenCoordinate } from '../../../src/coordinates/packages/coordinate.ts'
import { parseCoordinate } from '../../../src/coordinates/packages/coordinate.ts'
import { artifactId } from '../../../src/coordinates/maven/model/artifact.ts'
import { resolveMaven } from '../../../src/coordinates/maven/resolve-maven.ts'
import type { MavenSource } from '../../../src/coordinates/maven/repositories/source.ts'

const java = { javaVersion: '17.0.15', osName: 'Linux', osArch: 'amd64', osVersion: '6.1' }

export interface ResolvedTexts {
  /** In class-path order. */
  readonly ids: readonly string[]
  /** Scope by id. */
  readonly scopes: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

/**
 * `poms` by `group:artifact:version`; the first is the root. Each is a whole POM if it begins with
 * `<project` or `<?xml`, else its elements besides the coordinates.
 */
export async function resolveTexts(
  poms: Readonly<Record<string, string>>,
  boms: readonly string[] = [],
): Promise<ResolvedTexts> {
  const warnings: string[] = []
  const [root = ''] = Object.keys(poms)
  const coordinates = (names: readonly string[]): readonly MavenCoordinate[] =>
    names.map((name) => parseCoordinate(`maven:${name}`) as MavenCoordinate)
  const { artifacts } = await resolveMaven(
    { roots: coordinates([root]), boms: coordinates(boms) },
    sourceOf(poms),
    java,
    (message) => warnings.push(message),
  )
  return {
    ids: artifacts.map(({ artifact }) => artifactId(artifact)),
    scopes: Object.fromEntries(artifacts.map(({ id, scope }) => [id, scope])),
    warnings,
  }
}

function sourceOf(poms: Readonly<Record<string, string>>): MavenSource {
  const versionsOf: MavenSource['versionsOf'] = ({ groupId, artifactId: id }) => {
    const names = Object.keys(poms).filter((gav) => gav.startsWith(`${groupId}:${id}:`))
    return Promise.resolve(names.map((gav) => gav.split(':')[2] ?? ''))
  }
  const none = (): never => {
    throw new Error('this source has no libraries')
  }
  return {
    async pom({ groupId, artifactId: id, version }) {
      const isOpen = version === 'RELEASE' || version === 'LATEST'
      const last = (await versionsOf({ groupId, artifactId: id })).at(-1)
      const gav = `${groupId}:${id}:${isOpen ? last : version}`
      const body = poms[gav]
      return body === undefined ? undefined : { text: toPom(gav, body), source: gav }
    },
    versionsOf,
    newestOf: async (project) => (await versionsOf(project)).at(-1),
    fetch: none,
    fetchPath: none,
  }
}

function toPom(gav: string, body: string): string {
  if (/^<(?:project|\?xml)/.test(body)) return body
  const [groupId, id, version] = gav.split(':')
  return `<project><modelVersion>4.0.0</modelVersion><groupId>${groupId}</groupId><artifactId>${id}</artifactId><version>${version}</version>${body}</project>`
}
