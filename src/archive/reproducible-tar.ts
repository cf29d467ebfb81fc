/** How tar archives are written so that the same files give the same bytes under one Node version. */
import type { Stats } from 'node:fs'
import type { WriteEntry } from 'tar'

/** Options of tar's `create`: entries in the order given, one date, no owner, modes 644 and 755. */
export const reproducible = {
  gzip: { portable: true },
  portable: true,
  // The date that npm pack uses; old tar and zip tools can show it too.
  mtime: new Date('1985-10-26T08:15:00.000Z'),
  noDirRecurse: true,
  strict: true,
  onWriteEntry: ({ stat }: Pick<WriteEntry, 'stat'>) => setPlainMode(stat),
} as const

/** Makes the mode independent of the umask. */
export function setPlainMode(stat: Stats | undefined, isProgram = false): void {
  if (stat === undefined) return
  const isExecutable = isProgram || (stat.mode & 0o100) !== 0
  stat.mode = (stat.mode & ~0o777) | (isExecutable ? 0o755 : 0o644)
}
