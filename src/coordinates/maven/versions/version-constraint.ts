/**
 * The version requirement of a dependency: `1.2` is a preference, which a nearer dependency
 * overrides; `[1.2,2)` is a range, which the chosen version must be in.
 * Source: Maven's POM reference, "Dependency Version Requirement Specification".
 */
import { JarcastError } from '../../../errors.ts'
import { compareVersions } from './version.ts'

export interface VersionConstraint {
  readonly text: string
  /** A version is allowed when one of the ranges contains it. Empty for a preference. */
  readonly ranges: readonly VersionRange[]
}

interface VersionRange {
  readonly from: Bound | undefined
  readonly to: Bound | undefined
}

interface Bound {
  readonly version: string
  readonly isInclusive: boolean
}

/** Throws `PACKAGE_UNRESOLVABLE` for an invalid range, such as `[1,2`. */
export function parseConstraint(text: string): VersionConstraint {
  const ranges: VersionRange[] = []
  let rest = text
  while (/^[[(]/.test(rest)) {
    const end = rest.search(/[)\]]/)
    if (end < 0) throw invalidRange(text)
    ranges.push(parseRange(rest.slice(0, end + 1), text))
    rest = rest.slice(end + 1).trim()
    if (rest.startsWith(',')) rest = rest.slice(1).trim()
  }
  if (rest !== '' && ranges.length > 0) throw invalidRange(text)
  return { text, ranges }
}

export function isRange({ ranges }: VersionConstraint): boolean {
  return ranges.length > 0
}

/** A preference allows the versions equal to it. */
export function allowsVersion({ text, ranges }: VersionConstraint, version: string): boolean {
  if (ranges.length === 0) return compareVersions(version, text) === 0
  return ranges.some((range) => hasVersion(range, version))
}

export function hasUpperBound({ ranges }: VersionConstraint): boolean {
  return ranges.every(({ to }) => to !== undefined)
}

function hasVersion({ from, to }: VersionRange, version: string): boolean {
  const aboveFrom = from === undefined ? 1 : compareVersions(version, from.version)
  const belowTo = to === undefined ? 1 : compareVersions(to.version, version)
  return (
    (aboveFrom > 0 || (aboveFrom === 0 && from?.isInclusive === true)) &&
    (belowTo > 0 || (belowTo === 0 && to?.isInclusive === true))
  )
}

function parseRange(range: string, text: string): VersionRange {
  const isFromInclusive = range.startsWith('[')
  const isToInclusive = range.endsWith(']')
  const [from = '', to, ...more] = range.slice(1, -1).split(',')
  if (more.length > 0) throw invalidRange(text)
  if (to === undefined) return parseSingle(from.trim(), isFromInclusive && isToInclusive, text)
  const lower = toBound(from.trim(), isFromInclusive)
  const upper = toBound(to.trim(), isToInclusive)
  if (lower !== undefined && upper !== undefined) {
    if (compareVersions(upper.version, lower.version) < 0) throw invalidRange(text)
  }
  return { from: lower, to: upper }
}

/** `[1.2]` is one version, `[1.2.*]` all versions that begin with `1.2.`. */
function parseSingle(version: string, isClosed: boolean, text: string): VersionRange {
  if (!isClosed) throw invalidRange(text)
  const prefix = version.endsWith('.*') ? version.slice(0, -1) : undefined
  return {
    from: { version: prefix === undefined ? version : `${prefix}min`, isInclusive: true },
    to: { version: prefix === undefined ? version : `${prefix}max`, isInclusive: true },
  }
}

function toBound(version: string, isInclusive: boolean): Bound | undefined {
  return version === '' ? undefined : { version, isInclusive }
}

function invalidRange(text: string): JarcastError {
  const message = `${JSON.stringify(text)} is not a version range; write 1.2, [1.2,2.0) or [1.2]`
  return new JarcastError('PACKAGE_UNRESOLVABLE', message, { details: { version: text } })
}
