import type { PackedLibrary } from '../../server/libraries/library-store.ts'
import { count, formatBytes, printable } from './printable.ts'

/** The files that were packed of a folder, a line each, fit for a terminal. */
export function packedFiles({ name, folder, files }: PackedLibrary): string {
  const lines = files.map(
    ({ path, sizeBytes }) => `    ${printable(path)}  ${formatBytes(sizeBytes)}`,
  )
  const head = `packed ${printable(name)} of ${printable(folder)}: ${count(files.length, 'file')}`
  return [head, ...lines].join('\n')
}
