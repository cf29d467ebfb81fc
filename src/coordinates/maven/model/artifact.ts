/**
 * Names and paths of files in a Maven repository.
 * Source: Maven's "Repository Layout" and "Default Artifact Handlers".
 */
import { JarcastError } from '../../../errors.ts'
import { isSnapshot } from '../versions/version.ts'

/** A project in one version; it has one POM. */
export interface Gav {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string
}

export interface Artifact extends Gav {
  /** Of the file name. */
  readonly extension: string
  /** Empty for the main artifact. */
  readonly classifier: string
}

interface ArtifactType {
  readonly extension?: string
  readonly classifier?: string
  readonly isOnClassPath?: boolean
  /** True when the file contains its dependencies; they are not resolved. */
  readonly includesDependencies?: boolean
}

// The extension of other types is the type itself, and they are not on the class path. Maven knows
// the type `bundle` with a plugin only; here, as in other build tools, it is a jar.
const types: Readonly<Record<string, ArtifactType>> = {
  jar: { isOnClassPath: true },
  bundle: { extension: 'jar', isOnClassPath: true },
  'maven-plugin': { extension: 'jar', isOnClassPath: true },
  ejb: { extension: 'jar', isOnClassPath: true },
  'ejb-client': { extension: 'jar', classifier: 'client', isOnClassPath: true },
  'test-jar': { extension: 'jar', classifier: 'tests', isOnClassPath: true },
  javadoc: { extension: 'jar', classifier: 'javadoc', isOnClassPath: true },
  'java-source': { extension: 'jar', classifier: 'sources' },
  war: { includesDependencies: true },
  ear: { includesDependencies: true },
  rar: { includesDependencies: true },
}

/** The artifact of a dependency; its own classifier, even an empty one, overrides the type's. */
export function toArtifact(
  gav: Gav,
  type: string,
  classifier: string | undefined,
): Artifact & Pick<ArtifactType, 'includesDependencies'> {
  const known = Object.hasOwn(types, type) ? types[type] : undefined
  return {
    groupId: gav.groupId,
    artifactId: gav.artifactId,
    version: gav.version,
    extension: known?.extension ?? type,
    classifier: classifier ?? known?.classifier ?? '',
    ...(known?.includesDependencies === true ? { includesDependencies: true } : {}),
  }
}

/** True when a class loader can use the file. */
export function isOnClassPath(type: string, extension: string): boolean {
  const known = Object.hasOwn(types, type) ? types[type] : undefined
  return known === undefined ? extension === 'jar' : known.isOnClassPath === true
}

/** Equal for all versions of one artifact. */
export function versionlessKey({ groupId, artifactId, extension, classifier }: Artifact): string {
  return `${groupId}:${artifactId}:${extension}:${classifier}`
}

/** `group:artifact[:extension[:classifier]]:version`, as Maven writes it. */
export function artifactId(artifact: Artifact): string {
  const { groupId, artifactId: id, extension, classifier, version } = artifact
  if (classifier !== '') return `${groupId}:${id}:${extension}:${classifier}:${version}`
  return extension === 'jar'
    ? `${groupId}:${id}:${version}`
    : `${groupId}:${id}:${extension}:${version}`
}

/** `fileVersion` is the version of a snapshot's build, such as `1.0-20240101.120000-3`. */
export function fileNameOf(artifact: Artifact, fileVersion = artifact.version): string {
  const classifier = artifact.classifier === '' ? '' : `-${artifact.classifier}`
  return `${artifact.artifactId}-${fileVersion}${classifier}.${artifact.extension}`
}

/** Path below a repository's root. Throws as `folderOf`. */
export function pathOf(artifact: Artifact, fileVersion?: string): string {
  checkSegment(artifact.extension)
  checkSegment(fileVersion ?? artifact.version)
  if (artifact.classifier !== '') checkSegment(artifact.classifier)
  return `${folderOf(artifact)}/${fileNameOf(artifact, fileVersion)}`
}

/** Folder of one version. Throws `PACKAGE_UNRESOLVABLE` for parts unsafe in a path. */
export function folderOf({ groupId, artifactId: id, version }: Gav): string {
  const base = baseVersionOf(version)
  checkSegment(base)
  return `${projectFolderOf({ groupId, artifactId: id })}/${base}`
}

/** Folder of all versions, with `maven-metadata.xml`. Throws as `folderOf`. */
export function projectFolderOf(project: Omit<Gav, 'version'>): string {
  const path = [...project.groupId.split('.'), project.artifactId]
  path.forEach(checkSegment)
  return path.join('/')
}

/** `1.0-SNAPSHOT` for one of its builds; other versions unchanged. */
export function baseVersionOf(version: string): string {
  if (isSnapshot(version)) return version
  return version.replace(/-\d{8}\.\d{6}-\d+$/, '-SNAPSHOT')
}

function checkSegment(segment: string): void {
  if (/^[\w.+~@!$=,()[\]-]{1,200}$/.test(segment) && !/^\.+$/.test(segment)) return
  const message = `${JSON.stringify(segment)} cannot be part of a coordinate`
  throw new JarcastError('PACKAGE_UNRESOLVABLE', message, { details: { part: segment } })
}
