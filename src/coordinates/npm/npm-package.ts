/** A package at its place below `node_modules`. */
export interface NpmPackage {
  /** `node_modules/a/node_modules/b`. */
  readonly location: string
  /** Of the package; the place of an alias has another name. */
  readonly name: string
  readonly version: string
  /** Address of the tarball. */
  readonly resolved: string
  /** Subresource Integrity from the registry; empty when it has none. */
  readonly integrity: string
  /** Its entry in npm's own package lock. */
  readonly entry: Readonly<Record<string, unknown>>
}
