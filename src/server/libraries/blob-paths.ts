/** Paths of the files of a jar server. */
import type { LibrarySet } from '../../domain/libraries/library.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import { encodeSegment } from '../http/request-path.ts'

/** Encoded path of a blob under its name. */
export function blobPath({ sha256, name }: Pick<StagedBlob, 'sha256' | 'name'>): string {
  return `/blobs/${sha256}/${encodeSegment(name)}`
}

/** Decoded path of a blob under its name. */
export function decodedBlobPath({ sha256, name }: StagedBlob): string {
  return `/blobs/${sha256}/${name}`
}

/** Digest in the decoded path of a blob; empty for other paths. */
export function digestIn(path: string): string {
  return /^\/blobs\/([0-9a-f]{64})\//.exec(path)?.[1] ?? ''
}

/** Path of the manifest of a set. */
export function manifestPath({ id }: Pick<LibrarySet, 'id'>): string {
  return `/sets/${id}.json`
}

/** Names of the libraries as in the seed: `<index>_<name>`. */
export function seedNames(set: LibrarySet | undefined): readonly string[] {
  return set?.libraries.map(({ name }, index) => `${index}_${name}`) ?? []
}
