/** A package at its place below `node_modules`. */
export interface NpmPackage {
  /** `node_modules/a/node_modules/b`. */
  readonly location: string
  /** Its own; for an alias not that of the place. */
  readonly name: string
  readonly version: string
  /** Address of the tarball. */
  readonly resolved: string
  /** SRI of the tarball, as the registry gives it; empty when it gives none. */
  readonly integrity: string
  /** What npm writes of it into a package lock. */
  readonly entry: Readonly<Record<string, unknown>>
}
