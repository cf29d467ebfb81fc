/** `jarcast/server`: the jar server, its library store, and the blob handler for your own server. */
export { advertisedHost } from '../server/listener/advertised-host.ts'
export type { AdvertisedHostOptions } from '../server/listener/advertised-host.ts'
export { createBlobHandler } from '../server/blobs/blob-handler.ts'
export type * from '../server/blobs/blob-handler.ts'
export type { StagedBlob } from '../server/blobs/blob.ts'
export { createJarServer } from '../server/jar-server.ts'
export type * from '../server/jar-server.ts'
export type { JarServerOptions } from '../server/jar-server-options.ts'
export { checkLibraries } from '../server/libraries/library-check.ts'
export type { CheckedLibrary, LibraryInput } from '../server/libraries/library-check.ts'
export { createLibraryStore } from '../server/libraries/library-store.ts'
export type * from '../server/libraries/library-store.ts'
export type {
  PackedLibrary,
  StageOptions,
  StagingProgress,
} from '../server/libraries/stage-library.ts'
