/** Requests for packages, options, results and progress of their resolution. */
import type { NpmPlatform } from './npm-platform.ts'

export interface PackageRequest {
  /**
   * `maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]`, `npm:[ALIAS@npm:]NAME[@RANGE]`, in
   * class-path order.
   */
  readonly packages: readonly string[]
  /** Maven BOMs, `maven:GROUP:ARTIFACT:VERSION`; their versions apply to the whole closure. */
  readonly boms?: readonly string[]
  /** Maven artifacts left out of the whole closure: `GROUP:ARTIFACT`, `GROUP:*`. */
  readonly exclusions?: readonly string[]
  /**
   * npm's `overrides`, as in a package.json. They may be nested or by version, and use `.` and
   * `$NAME` of a coordinate.
   */
  readonly overrides?: Readonly<Record<string, unknown>>
}

export interface ResolveOptions {
  /**
   * Path of the lock file; written when it is missing, or is for another request. Default: none.
   */
  readonly lockFile?: string
  /** Rejects with `PACKAGE_LOCK_OUTDATED` when the lock file needs a change. Default false. */
  readonly isFrozen?: boolean
  /**
   * Ignores the lock file's versions, and asks registries again for what may have changed. Default
   * false.
   */
  readonly isUpdate?: boolean
  /** Uses only files on this machine. Default: the setting of Maven and of `.npmrc`. */
  readonly isOffline?: boolean
  /** Default `$XDG_CACHE_HOME/jarcast`. */
  readonly cacheFolder?: string
  /**
   * Maven repositories, asked before those of Maven's settings: `URL`, or `ID::URL` with the
   * credentials of the server ID.
   */
  readonly repositories?: readonly string[]
  /** Default `~/.m2/settings.xml`; the global settings of MAVEN_HOME are read too. */
  readonly mavenSettings?: string
  /**
   * Folder of Maven's own downloads, which is read and never written; false: none. Default
   * `~/.m2/repository`.
   */
  readonly localRepository?: string | false
  /** For a library or npm package without a checksum in its registry. Default `warn`. */
  readonly missingChecksum?: 'warn' | 'fail'
  /** Of the agents; profiles of POMs depend on it. Default 17. */
  readonly javaVersion?: string
  /** Of the agents. Default: this machine's. */
  readonly platform?: NpmPlatform
  /** Files fetched at the same time. Default 16. */
  readonly concurrency?: number
  readonly signal?: AbortSignal | undefined
  /** Called as the bytes of each file arrive. */
  readonly onProgress?: (progress: PackageProgress) => void
  /** Called for each POM. */
  readonly onResolving?: (progress: ResolvingProgress) => void
  readonly onWarning?: (message: string) => void
}

/** The file of a coordinate or of one of its dependencies. */
export interface FetchedPackage {
  /** `maven:group:artifact:version`, `npm:name@version`. */
  readonly id: string
  /** File name, unique in one result. */
  readonly name: string
  readonly version: string
  /** On this machine. */
  readonly file: string
  readonly sha256: string
  readonly sizeBytes: number
  /** How it is shipped; undefined for files that are not shipped, such as a POM. */
  readonly kind: 'jar' | 'npm' | 'file' | undefined
  /** Of an npm package: its folder in `node_modules`. */
  readonly place?: string
}

export interface PackageProgress {
  readonly package: string
  readonly fetchedBytes: number
  /** Absent while unknown. */
  readonly sizeBytes?: number
}

export interface ResolvingProgress {
  /** POMs read so far. */
  readonly pomsRead: number
}
