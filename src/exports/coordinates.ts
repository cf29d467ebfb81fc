/** `jarcast/coordinates`: resolves Maven and npm packages into a lock file. */
export {
  formatCoordinate,
  isCoordinate,
  parseCoordinate,
} from '../coordinates/packages/coordinate.ts'
export type {
  Coordinate,
  MavenCoordinate,
  NpmCoordinate,
} from '../coordinates/packages/coordinate.ts'
export { resolvePackages } from '../coordinates/resolve-packages.ts'
export type { ResolvedPackages } from '../coordinates/resolve-packages.ts'
export { formatPackageLock, readPackageLock } from '../coordinates/packages/package-lock.ts'
export type {
  LockedArtifact,
  LockedPackage,
  PackageLock,
} from '../coordinates/packages/package-lock.ts'
export type {
  FetchedPackage,
  PackageProgress,
  PackageRequest,
  ResolveOptions,
  ResolvingProgress,
} from '../coordinates/packages/packages.ts'
