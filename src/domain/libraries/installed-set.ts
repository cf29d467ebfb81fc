/** A library set that is complete, verified and in the sandbox. */
export interface InstalledSet {
  readonly setId: string
  /** Folder with each library under its name, and `node_modules` if the set has npm packages. */
  readonly folder: string
  /** Paths of the jars, in class-path order. */
  readonly classPath: readonly string[]
  /** The shipped JRE; absent without one for this host. */
  readonly javaHome?: string
}
