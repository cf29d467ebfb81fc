/** The URIs of a running jar server, with the permissions that they need. */
import type { StagedBlob } from './blobs/blob.ts'
import { blobPath, manifestPath } from './libraries/blob-paths.ts'
import { pageScope } from './permissions/access.ts'
import type { Lifetime } from './permissions/access.ts'
import type { RequestHandling } from './request-handling.ts'

export interface LibraryUris {
  /** An encoded path, with a standing permission. */
  ofPath(path: string): string
  ofManifest(): string | undefined
  /** A library or extra. Throws `LIBRARY_NOT_FOUND`. */
  of(file: string | Pick<StagedBlob, 'name' | 'sha256'>): string
  /** The libraries of the current set, separated by commas. */
  seedForm(): string
  ofPage(): string | undefined
  /** Adds a permission to a URI of this server; returns URIs of other servers unchanged. */
  sign(uri: string, lifetime: Lifetime): string
}

/** `url` returns the base URL, or throws. */
export function createLibraryUris(
  { table, access, page }: Pick<RequestHandling, 'table' | 'access' | 'page'>,
  url: () => string,
): LibraryUris {
  const ofPath = (path: string): string => url() + access.sign(path, 'standing')
  return {
    ofPath,
    ofManifest() {
      const set = table.set()
      return set && ofPath(manifestPath(set))
    },
    of(file) {
      const path = typeof file === 'string' ? table.pathOf(file) : blobPath(file)
      // Mesos' fetcher does not trust our certificate, and public files are checked by digest.
      if (table.isPublic(decodeURIComponent(path))) return url().replace(/^https:/, 'http:') + path
      return ofPath(path)
    },
    seedForm: () => table.seedPaths().map(ofPath).join(','),
    ofPage: () => page && ofPath(pageScope),
    sign(uri, lifetime) {
      const base = url()
      return uri.startsWith(`${base}/`) ? base + access.sign(uri.slice(base.length), lifetime) : uri
    },
  }
}
