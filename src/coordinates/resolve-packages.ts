/**
 * Resolves coordinates on the scheduler's machine into a lock with digests, and fetches the
 * packages. Executors never resolve anything.
 */
import { once } from 'node:events'
import { defined } from '../defined.ts'
import { createFileCache, defaultCacheFolder } from './http/file-cache.ts'
import { createHttpClient } from './http/http-client.ts'
import { checkFrozen, toLockRequests } from './lock-request.ts'
import { isSameRequest } from './packages/same-request.ts'
import { fetchLockedMaven, lockMaven } from './maven/lock-maven.ts'
import type { LockedMaven } from './maven/lock-maven.ts'
import { openMaven } from './maven/open-maven.ts'
import { toPlatform } from './maven/model/platform.ts'
import type { MavenSource } from './maven/repositories/source.ts'
import { fetchLockedNpm, lockNpm } from './npm/lock-npm.ts'
import { readNpmOptions } from './npm/npm-options.ts'
import { packNested } from './npm/pack-nested.ts'
import { reportRetries } from './npm/report-retries.ts'
import { changeLock } from './change-lock.ts'
import { readPackageLock } from './packages/package-lock.ts'
import type { MavenLock, NpmLock, PackageLock } from './packages/package-lock.ts'
import type {
  FetchedPackage,
  PackageRequest,
  ResolveOptions,
  ResolvingProgress,
} from './packages/packages.ts'

export interface ResolvedPackages {
  /** Maven's in class-path order, then one npm package for each folder in `node_modules`. */
  readonly packages: readonly FetchedPackage[]
  readonly lock: PackageLock
  readonly isLockWritten: boolean
}

// More than connections per server: hashing a file needs none.
const defaultConcurrency = 16

/**
 * Resolves and fetches packages. With a lock file for the same request it resolves nothing, and
 * checks every byte against the lock. For a changed request it resolves only the changed part,
 * Maven's or npm's.
 *
 * Errors: `CONFIG_INVALID` for a coordinate or setting; `PACKAGE_NOT_FOUND`,
 * `PACKAGE_UNRESOLVABLE`, `PACKAGE_INVALID`, `PACKAGE_UNSUITABLE`, `PACKAGE_CORRUPT`,
 * `PACKAGE_LOCK_INVALID`, `PACKAGE_LOCK_OUTDATED`, `REGISTRY_REJECTED`, `REGISTRY_UNREACHABLE`
 * (retryable); the signal's reason.
 */
export async function resolvePackages(
  request: PackageRequest,
  options: ResolveOptions = {},
): Promise<ResolvedPackages> {
  const { signal } = options
  signal?.throwIfAborted()
  const resolving = resolveAll(request, options)
  if (signal === undefined) return await resolving
  // npm's libraries cannot be cancelled: their result is discarded.
  const ending = new AbortController()
  try {
    const aborted = once(signal, 'abort', { signal: ending.signal }).then(() => {
      throw signal.reason
    })
    return await Promise.race([resolving, aborted])
  } finally {
    ending.abort()
    resolving.catch(() => undefined)
  }
}

async function resolveAll(
  request: PackageRequest,
  options: ResolveOptions,
): Promise<ResolvedPackages> {
  const wanted = toLockRequests(request, options)
  const { lockFile } = options
  const previous = lockFile === undefined ? undefined : await readPackageLock(lockFile)
  if (options.isFrozen === true) checkFrozen(wanted, previous, lockFile)
  const [maven, npm] = await Promise.all([
    wanted.maven && resolveMavenPart(wanted.maven, previous?.maven, options),
    wanted.npm && resolveNpmPart(wanted.npm, previous?.npm, options),
  ])
  const lock: PackageLock = {
    formatVersion: 1,
    ...defined({ maven: maven?.lock, npm: npm?.lock }),
  }
  options.signal?.throwIfAborted()
  const isLockWritten =
    lockFile !== undefined &&
    options.isFrozen !== true &&
    (await changeLock(lockFile, ({ runtimes, modules }) => ({
      ...lock,
      ...defined({ runtimes, modules }),
    })))
  return { packages: [...(maven?.files ?? []), ...(npm?.files ?? [])], lock, isLockWritten }
}

async function resolveMavenPart(
  request: MavenLock['request'],
  previous: MavenLock | undefined,
  options: ResolveOptions,
): Promise<LockedMaven> {
  const client = createHttpClient({ signal: options.signal })
  try {
    const source = countPoms(await openMaven(options, client), options.onResolving ?? ignore)
    const common = {
      source,
      concurrency: options.concurrency ?? defaultConcurrency,
      onProgress: options.onProgress ?? ignore,
      onWarning: options.onWarning ?? ignore,
    }
    if (
      previous !== undefined &&
      options.isUpdate !== true &&
      isSameRequest(request, previous.request)
    ) {
      return await fetchLockedMaven(previous, common)
    }
    const kept = options.isUpdate === true ? undefined : previous
    return await lockMaven(request, {
      ...common,
      java: toPlatform(options),
      previous: kept,
    })
  } finally {
    client.close()
  }
}

function countPoms(
  source: MavenSource,
  onResolving: (progress: ResolvingProgress) => void,
): MavenSource {
  let pomsRead = 0
  return {
    ...source,
    async pom(gav) {
      const found = await source.pom(gav)
      pomsRead += 1
      onResolving({ pomsRead })
      return found
    },
  }
}

async function resolveNpmPart(
  request: NpmLock['request'],
  previous: NpmLock | undefined,
  options: ResolveOptions,
): Promise<{ readonly lock: NpmLock; readonly files: readonly FetchedPackage[] }> {
  const cache = createFileCache(`${options.cacheFolder ?? defaultCacheFolder()}/npm`)
  const common = {
    npm: await readNpmOptions(options.isOffline ?? false),
    cache,
    concurrency: options.concurrency ?? defaultConcurrency,
    missingChecksum: options.missingChecksum ?? 'warn',
    onProgress: options.onProgress ?? ignore,
    onWarning: options.onWarning ?? ignore,
  } as const
  const isKnown =
    previous !== undefined && options.isUpdate !== true && isSameRequest(request, previous.request)
  const kept = options.isUpdate === true ? undefined : previous
  const endReports = reportRetries(common.onWarning)
  try {
    const { lock, files } = isKnown
      ? await fetchLockedNpm(previous, common)
      : await lockNpm(request, { ...common, platform: options.platform ?? {}, previous: kept })
    return { lock, files: await packNested(lock, files, cache) }
  } finally {
    endReports()
  }
}

function ignore(): void {
  // The default for callbacks.
}
