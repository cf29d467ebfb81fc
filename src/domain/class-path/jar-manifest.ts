/**
 * The artifacts in a jar, by Maven's `pom.properties`, its manifest, or its file name.
 * Source: JAR File Specification, "JAR Manifest"; Maven Archiver, "pom.properties"; OSGi Core,
 * "Bundle-SymbolicName".
 */

/** An artifact and the source of its name. Names from different sources are not compared. */
export interface JarArtifact {
  readonly source: 'pom' | 'manifest' | 'file name'
  /** `group:artifact` if the source is `pom`. */
  readonly id: string
  readonly version: string
}

export interface JarManifest {
  readonly artifacts: readonly JarArtifact[]
  readonly classPath: readonly string[]
  readonly isMultiRelease: boolean
  readonly isSealed: boolean
}

const maxFieldLength = 256
const maxClassPath = 10_000

/** Reads the main section. Missing or malformed fields are left out. */
export function readManifest(
  fileName: string,
  texts: { readonly manifest?: string; readonly pomProperties?: readonly string[] },
): JarManifest {
  const attributes = mainAttributes(texts.manifest ?? '')
  const is = (name: string): boolean => attributes.get(name)?.toLowerCase() === 'true'
  return {
    artifacts: [
      ...(texts.pomProperties ?? []).flatMap(pomArtifact),
      ...manifestArtifact(attributes),
      ...namedArtifact(fileName),
    ],
    classPath: classPathOf(attributes.get('class-path') ?? ''),
    isMultiRelease: is('multi-release'),
    isSealed: is('sealed'),
  }
}

function mainAttributes(text: string): ReadonlyMap<string, string> {
  // A line that begins with a blank continues the line before.
  const lines = text.replaceAll(/\r\n?/g, '\n').replaceAll('\n ', '').split('\n')
  const end = lines.indexOf('')
  const attributes = new Map<string, string>()
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    const colon = line.indexOf(': ')
    if (colon > 0) attributes.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2).trim())
  }
  return attributes
}

function pomArtifact(text: string): readonly JarArtifact[] {
  const field = (name: string): string =>
    new RegExp(`^${name}[ \\t]*[=:][ \\t]*(\\S+)[ \\t]*$`, 'm').exec(text)?.[1] ?? ''
  const [group, artifact, version] = [field('groupId'), field('artifactId'), field('version')]
  if (group === '' || artifact === '') return []
  return toArtifact('pom', `${group}:${artifact}`, version)
}

function manifestArtifact(attributes: ReadonlyMap<string, string>): readonly JarArtifact[] {
  const bundle = (attributes.get('bundle-symbolicname') ?? '').split(';')[0]?.trim() ?? ''
  const bundleVersion = attributes.get('bundle-version') ?? ''
  if (bundle !== '' && bundleVersion !== '') return toArtifact('manifest', bundle, bundleVersion)
  const title = attributes.get('implementation-title') ?? ''
  return toArtifact('manifest', title, attributes.get('implementation-version') ?? '')
}

/** `guava-31.1-jre.jar`: the version begins with the first digit after a hyphen. */
function namedArtifact(fileName: string): readonly JarArtifact[] {
  const [, id = '', version = ''] = /^(.+?)-(\d[^/]*)\.jar$/i.exec(fileName) ?? []
  return toArtifact('file name', id, version)
}

function toArtifact(
  source: JarArtifact['source'],
  id: string,
  version: string,
): readonly JarArtifact[] {
  const isGiven = id !== '' && version !== '' && !version.includes('${')
  return isGiven && id.length + version.length <= maxFieldLength ? [{ source, id, version }] : []
}

/** Names of jars in the same folder. Jars elsewhere are not shipped, so no executor has them. */
function classPathOf(value: string): readonly string[] {
  const names = value.split(' ').map((url) => {
    try {
      return decodeURIComponent(url.replace(/^\.\//, ''))
    } catch {
      return ''
    }
  })
  return names.filter((name) => name !== '' && !name.includes('/')).slice(0, maxClassPath)
}
