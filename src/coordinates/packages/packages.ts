/** What is asked for by coordinate, what it comes to on this machine, and how that is told. */
import type { NpmPlatform } from './npm-platform.ts'

export interface PackageRequest {
  /**
   * `maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]`, `npm:[ALIAS@npm:]NAME[@RANGE]`; their
   * order is that of the class path.
   */
  readonly packages: readonly string[]
  /** Maven BOMs whose versions hold for everything, `maven:GROUP:ARTIFACT:VERSION`. */
  readonly boms?: readonly string[]
  /** Left out wherever it comes from: `GROUP:ARTIFACT`, `GROUP:*`. */
  readonly exclusions?: readonly string[]
  /**
   * npm's `overrides`, as in a package.json: nested, by version, `.` and `$NAME` of a coordinate
   * too.
   */
  readonly overrides?: Readonly<Record<string, unknown>>
}

export interface ResolveOptions {
  /**
   * Lock file that is read, and written when it is missing or for another request. Default: none.
   */
  readonly lockFile?: string
  /** Only what the lock file says: anything else is `PACKAGE_LOCK_OUTDATED`. Default false. */
  readonly isFrozen?: boolean
  /**
   * Resolves anew what the lock file has, and asks again for what may have changed. Default false.
   */
  readonly isUpdate?: boolean
  /** Only what is on this machine. Default: as Maven's settings and `.npmrc` say. */
  readonly isOffline?: boolean
  /** Default `$XDG_CACHE_HOME/jarcast`. */
  readonly cacheFolder?: string
  /**
   * Asked before those of Maven's settings: `URL`, or `ID::URL` with the credentials of server ID.
   */
  readonly repositories?: readonly string[]
  /** Default `~/.m2/settings.xml`, with the global ones of MAVEN_HOME. */
  readonly mavenSettings?: string
  /**
   * Maven's own downloads, read and never written; false: they are not looked at. Default
   * `~/.m2/repository`.
   */
  readonly localRepository?: string | false
  /**
   * What to do about a library or npm package for which its registry has no checksum. Default
   * `warn`.
   */
  readonly missingChecksum?: 'warn' | 'fail'
  /** Of the agents: what POMs activate profiles by. Default 17, and this machine's system. */
  readonly javaVersion?: string
  /** Of the agents. Default: this machine's. */
  readonly platform?: NpmPlatform
  /** Files fetched at the same time. Default 16. */
  readonly concurrency?: number
  readonly signal?: AbortSignal | undefined
  /** Told of every file that is fetched, as its bytes come. */
  readonly onProgress?: (progress: PackageProgress) => void
  /** Told of every POM that is read. */
  readonly onResolving?: (progress: ResolvingProgress) => void
  readonly onWarning?: (message: string) => void
}

/** A file that a coordinate, or what it needs, came to. */
export interface FetchedPackage {
  /** `maven:group:artifact:version`, `npm:name@version`. */
  readonly id: string
  /** File name, unique among them. */
  readonly name: string
  readonly version: string
  /** On this machine. */
  readonly file: string
  readonly sha256: string
  readonly sizeBytes: number
  /** How it is shipped; undefined for what there is no use for on an agent, such as a POM. */
  readonly kind: 'jar' | 'npm' | 'file' | undefined
  /** Of an npm package: its folder in `node_modules`. */
  readonly place?: string
}

export interface PackageProgress {
  readonly package: string
  readonly fetchedBytes: number
  /** As far as it is known. */
  readonly sizeBytes?: number
}

/** How far it is with finding out which versions are needed. */
export interface ResolvingProgress {
  /** Project files of Maven that were read so far. */
  readonly pomsRead: number
}
