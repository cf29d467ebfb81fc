import { describeUntraced, isOfUser } from '../../tracing/describe-untraced.ts'
import type { UntracedImport } from '../../tracing/untraced-import.ts'
import { count, printable } from '../output/printable.ts'

const maxShown = 10

/** A line for each import that could not be followed; for those of packages only if `verbose`. */
export function untracedText(
  untraced: readonly UntracedImport[],
  { verbose }: { readonly verbose: boolean },
): readonly string[] {
  const lines = untraced
    .filter((one) => verbose || isOfUser(one))
    .map((one) => printable(describeUntraced(one)))
  const more = lines.length - maxShown
  if (verbose || more <= 0) return lines
  return [...lines.slice(0, maxShown), `and ${count(more, 'more import')} like this; see --verbose`]
}
