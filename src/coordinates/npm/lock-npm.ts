/** The npm part of a lock file, and its tarballs. */
import type { FileCache } from '../http/file-cache.ts'
import { parseCoordinate } from '../packages/coordinate.ts'
import { isSameRequest } from '../packages/same-request.ts'
import type { NpmCoordinate } from '../packages/coordinate.ts'
import { configInvalid, JarcastError } from '../../errors.ts'
import { mapLimited } from '../http/map-limited.ts'
import type { LockedPackage, NpmLock } from '../packages/package-lock.ts'
import type { PackageProgress } from '../packages/packages.ts'
import { fetchTarball } from './fetch-npm.ts'
import type { NpmOptions } from './npm-option-types.ts'
import { resolveNpm } from './resolve-npm.ts'
import type { NpmPackage } from './npm-package.ts'
import type { NpmPlatform } from '../packages/npm-platform.ts'

export interface LockNpmOptions {
  readonly npm: NpmOptions
  readonly platform: NpmPlatform
  readonly cache: FileCache
  /** The last lock, for another request: versions that still fit are kept. */
  readonly previous: NpmLock | undefined
  readonly concurrency: number
  /** What to do about a package without a checksum in its registry. */
  readonly missingChecksum: 'warn' | 'fail'
  readonly onProgress: (progress: PackageProgress) => void
  readonly onWarning: (message: string) => void
}

export interface LockedNpm {
  readonly lock: NpmLock
  /** Tarballs on this machine, by place, `node_modules/a/node_modules/b`. */
  readonly files: ReadonlyMap<string, string>
}

/** Resolves the request and fetches all tarballs. Errors: `resolveNpm`'s and `fetchTarball`'s. */
export async function lockNpm(
  request: NpmLock['request'],
  options: LockNpmOptions,
): Promise<LockedNpm> {
  const { npm, platform, previous, onWarning } = options
  const { overrides } = request
  // npm's libraries keep locked versions, even if `overrides` has changed since.
  const kept = isSameRequest(overrides, previous?.request.overrides) ? previous?.packages : {}
  const locked = Object.entries(kept ?? {}).map(([place, found]) => {
    const { entry, resolved, integrity } = found
    return [place, { ...entry, resolved, integrity }]
  })
  const packages = await resolveNpm(request.packages.map(toCoordinate), {
    npm,
    platform,
    overrides,
    locked: Object.fromEntries(locked) as Readonly<Record<string, unknown>>,
    onWarning,
  })
  return await fetchAll(request, packages, options)
}

/**
 * Fetches the tarballs of a lock. Errors: those of `fetchTarball`; `PACKAGE_CORRUPT` when a tarball
 * has other bytes than in the lock.
 */
export async function fetchLockedNpm(
  lock: NpmLock,
  options: Omit<LockNpmOptions, 'previous' | 'platform'>,
): Promise<LockedNpm> {
  const packages = Object.entries(lock.packages).map(([location, found]) => ({
    location,
    ...found,
  }))
  const fetched = await fetchAll(lock.request, packages, options)
  for (const [location, { sha256, name, version }] of Object.entries(lock.packages)) {
    const actual = fetched.lock.packages[location]?.sha256
    if (actual === sha256) continue
    const message = `npm:${name}@${version} has SHA-256 ${actual}, the lock file says ${sha256}`
    throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: name } })
  }
  return { lock, files: fetched.files }
}

async function fetchAll(
  request: NpmLock['request'],
  packages: readonly NpmPackage[],
  options: Omit<LockNpmOptions, 'previous' | 'platform'>,
): Promise<LockedNpm> {
  const { npm, cache, concurrency, onProgress } = options
  const fetched = await mapLimited(packages, concurrency, async (found) => {
    const { name, version, resolved, entry, location } = found
    if (found.integrity === '') reportMissingChecksum(found, options)
    const { file, sha256, sizeBytes, integrity } = await fetchTarball(found, npm, cache)
    onProgress({ package: `npm:${name}@${version}`, fetchedBytes: sizeBytes, sizeBytes })
    const locked: LockedPackage = { name, version, sha256, sizeBytes, integrity, resolved, entry }
    return { location, file, locked }
  })
  return {
    lock: {
      request,
      packages: Object.fromEntries(fetched.map(({ location, locked }) => [location, locked])),
    },
    files: new Map(fetched.map(({ location, file }) => [location, file])),
  }
}

function reportMissingChecksum(
  { name, version }: NpmPackage,
  { missingChecksum, onWarning }: Pick<LockNpmOptions, 'missingChecksum' | 'onWarning'>,
): void {
  const message = `npm:${name}@${version} has no checksum in its registry`
  if (missingChecksum === 'warn') return onWarning(`${message}: its bytes are not checked`)
  throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: name } })
}

function toCoordinate(text: string): NpmCoordinate {
  const coordinate = parseCoordinate(text)
  if (coordinate.kind === 'npm') return coordinate
  throw configInvalid('package', `${text} is not an npm package`)
}
