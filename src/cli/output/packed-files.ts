import type { PackedLibrary } from '../../server/libraries/stage-library.ts'
import { count, formatBytes, printable } from './printable.ts'

/** Lists the files packed from a folder, one per line, safe for a terminal. */
export function packedFiles({ name, folder, files }: PackedLibrary): string {
  const lines = files.map(
    ({ path, sizeBytes }) => `    ${printable(path)}  ${formatBytes(sizeBytes)}`,
  )
  const head = `packed ${printable(name)} from ${printable(folder)}: ${count(files.length, 'file')}`
  return [head, ...lines].join('\n')
}
