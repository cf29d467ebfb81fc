/** What users write to name a package: `maven:group:artifact:version`, `npm:name@range`. */
import { JarcastError } from '../errors.ts'

export interface MavenCoordinate {
  readonly kind: 'maven'
  readonly groupId: string
  readonly artifactId: string
  /** Undefined: what a BOM says, else the newest release. May be a range, or `RELEASE`, `LATEST`. */
  readonly version: string | undefined
  readonly type: string
  readonly classifier: string | undefined
}

export interface NpmCoordinate {
  readonly kind: 'npm'
  readonly name: string
  /** A version, a range or a tag. */
  readonly range: string
}

export type Coordinate = MavenCoordinate | NpmCoordinate

const maxLength = 512

/** True for text that names a package and no path. */
export function isCoordinate(text: string): boolean {
  return /^(?:maven|npm):/.test(text)
}

/**
 * Reads `maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]` and `npm:NAME[@RANGE]`, whose range is `latest` by default.
 * Throws `CONFIG_INVALID` saying what it takes.
 */
export function parseCoordinate(text: string): Coordinate {
  if (text.length > maxLength) throw invalid(text.slice(0, 50), 'it is too long')
  if (text.startsWith('maven:')) return parseMaven(text)
  if (text.startsWith('npm:')) return parseNpm(text)
  throw invalid(text, 'it begins with neither maven: nor npm:')
}

/** The text again, without what is the default anyway: equal coordinates give equal texts. */
export function formatCoordinate(coordinate: Coordinate): string {
  if (coordinate.kind === 'npm') return `npm:${coordinate.name}@${coordinate.range}`
  const { groupId, artifactId, version, type, classifier } = coordinate
  const parts = [groupId, artifactId, version ?? '', type === 'jar' ? '' : type, classifier ?? '']
  return `maven:${parts.join(':').replace(/:+$/, '')}`
}

function parseMaven(text: string): MavenCoordinate {
  const [groupId = '', artifactId = '', version = '', type = '', classifier = '', ...more] = text
    .slice('maven:'.length)
    .split(':')
  if (!isName(groupId) || !isName(artifactId) || more.length > 0) {
    throw invalid(text, 'write maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]')
  }
  if (![type, classifier].every((part) => part === '' || isName(part))) {
    throw invalid(text, 'type and classifier are words')
  }
  if (!/^[\w.+~!$=,()[\]\s*-]*$/.test(version)) throw invalid(text, 'its version is none')
  return {
    kind: 'maven',
    groupId,
    artifactId,
    version: version === '' ? undefined : version,
    type: type === '' ? 'jar' : type,
    classifier: classifier === '' ? undefined : classifier,
  }
}

function parseNpm(text: string): NpmCoordinate {
  const spec = text.slice('npm:'.length)
  const [, name = '', range = ''] = /^(@?[^@]*)(?:@(.*))?$/.exec(spec) ?? []
  if (!/^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name)) throw invalid(text, 'write npm:NAME[@RANGE]')
  // Addresses, folders and repositories are npm's as well, but nothing that a registry vouches for.
  if (/[:/\\]/.test(range)) throw invalid(text, 'its range is a version, a range or a tag')
  return { kind: 'npm', name, range: range.trim() === '' ? 'latest' : range.trim() }
}

function isName(part: string): boolean {
  return /^[\w.-]+$/.test(part)
}

function invalid(text: string, why: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `${JSON.stringify(text)} names no package: ${why}`, {
    details: { setting: 'package', package: text },
  })
}
