/** The check of a set's jars before tasks are launched with them. */
import { findClassPathConflicts } from '../../domain/class-path/class-path-conflicts.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import { describeConflicts } from '../../domain/class-path/describe-conflicts.ts'
import type { JarIndex } from '../../domain/class-path/jar-index.ts'
import { JarcastError } from '../../errors.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import { readJar } from '../../server/libraries/read-jar.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { FrameworkSettings } from '../options/settings.ts'

type Settings = Pick<FrameworkSettings, 'conflicts' | 'packages'>

/**
 * Reports `classPath.conflicts` if the jars have any. Does nothing with the policy `ignore`.
 * Errors: `CLASS_PATH_CONFLICT` for harmful conflicts, with the policy `fail`; the signal's reason.
 */
export async function checkClassPath(
  { set, blobs }: StagedLibraries,
  { conflicts, packages }: Settings,
  report?: ReportProgress,
  signal?: AbortSignal,
): Promise<void> {
  if (conflicts === 'ignore') return
  const javaRelease = javaReleaseOf(packages.javaVersion)
  const jars: JarIndex[] = []
  for (const [index, { name, kind }] of set.libraries.entries()) {
    signal?.throwIfAborted()
    const blob = blobs[index]
    if (kind === 'jar' && blob !== undefined)
      jars.push(await readJar(blob.path, name, { javaRelease }))
  }
  const found = findClassPathConflicts(jars)
  if (hasFindings(found)) report?.({ type: 'classPath.conflicts', ...found })
  if (conflicts === 'fail' && found.isHarmful) throw conflictError(found)
}

function conflictError(report: ClassPathReport): JarcastError {
  const findings = describeConflicts(report)
  const more = findings.length > 3 ? `; and ${findings.length - 3} more` : ''
  const remedy = 'leave one of the jars out, put them in another order, or set conflicts to "warn"'
  const message = `${findings.slice(0, 3).join('; ')}${more}: ${remedy}`
  return new JarcastError('CLASS_PATH_CONFLICT', message, {
    details: { findings: findings.length },
  })
}

/** 8 for `1.8`; 17 for a version that is not a number. */
export function javaReleaseOf(version = '17'): number {
  const release = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1] ?? Number.NaN)
  return Number.isNaN(release) ? 17 : release
}

function hasFindings({ isHarmful, duplicates, splitPackages }: ClassPathReport): boolean {
  return isHarmful || duplicates.length > 0 || splitPackages.length > 0
}
