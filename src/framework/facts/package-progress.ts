import type { PackageProgress } from '../../coordinates/packages/packages.ts'
import type { ReportProgress } from './events.ts'

const stepBytes = 1024 * 1024

/** Reports a package once per MiB, and when it is complete. */
export function reportPackages(
  report: ReportProgress | undefined,
): (progress: PackageProgress) => void {
  const reported = new Map<string, number>()
  return (progress) => {
    const { fetchedBytes, sizeBytes } = progress
    const since = fetchedBytes - (reported.get(progress.package) ?? 0)
    if (fetchedBytes !== sizeBytes && since < stepBytes) return
    reported.set(progress.package, fetchedBytes)
    report?.({ type: 'package.fetching', ...progress })
  }
}
