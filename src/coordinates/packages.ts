/** What packages come to on this machine, and how that is told. */

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
