/** Why a set failed, with the library and the source that failed. */
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import type { ErrorCode } from '../../errors.ts'
import type { FetchFailure, SetEntry, SetFailure, SetSource } from './events.ts'

export function manifestFailure(
  source: SetSource,
  attempt: number,
  { code, message }: FetchFailure,
): SetFailure {
  if (isLocal(code)) return { code, message }
  const from = source.kind === 'manifest' ? source.uri : source.uris.map(withoutMac).join(', ')
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `cannot fetch the list of libraries from ${from}: ${message} (attempt ${attempt})`,
  }
}

export function libraryFailure(
  { library, uri }: SetEntry,
  attempt: number,
  { code, message }: FetchFailure,
): SetFailure {
  if (isLocal(code)) return { code, message: `cannot store library ${library.name}: ${message}` }
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `cannot fetch library ${library.name} from ${withoutMac(uri)}: ${message} (attempt ${attempt})`,
  }
}

export function libraryExpiry({ library, uri }: SetEntry, attempt: number): SetFailure {
  return {
    code: 'LIBRARY_UNAVAILABLE',
    message: `cannot fetch library ${library.name} from ${withoutMac(uri)}: no progress for 30 minutes (attempt ${attempt})`,
  }
}

/** True for a fault of the disk of this host: no source has failed. */
function isLocal(code: ErrorCode): boolean {
  return code === 'DISK_FULL' || code === 'FILE_UNUSABLE'
}
