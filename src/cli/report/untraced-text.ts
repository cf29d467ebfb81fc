/** Says which imports could not be followed, and what to do. */
import { relative } from 'node:path'
import type { UntracedImport } from '../../tracing/trace-files.ts'
import { printable, shorten } from '../output/printable.ts'

const maxShown = 10
const maxExpressionLength = 60

/**
 * A line for each import of the user's modules; for those of packages, which mostly load plug-ins
 * that nobody has, only if `verbose`.
 */
export function untracedText(
  untraced: readonly UntracedImport[],
  { verbose }: { readonly verbose: boolean },
): readonly string[] {
  const isOwn = ({ file }: UntracedImport) => !file.includes('/node_modules/')
  const lines = untraced.filter((one) => verbose || isOwn(one)).map(lineOf)
  const more = lines.length - maxShown
  if (verbose || more <= 0) return lines
  return [...lines.slice(0, maxShown), `${more} more imports are like this; see --verbose`]
}

function lineOf({ file, line, text, why }: UntracedImport): string {
  const place = `${printable(relative(process.cwd(), file))}:${line}`
  const written = shorten(text, maxExpressionLength)
  return why === 'missing'
    ? `${place}: ${written} is not installed here and does not travel; install it, or give --lib PATH`
    : `${place}: the import of ${written} is known only when it runs; give --lib PATH for what it loads`
}
