import type { ClassPathReport, DuplicateClasses, SplitPackage } from './class-path-conflicts.ts'
import type { VersionConflict } from './version-conflicts.ts'

/** The harmful conflicts of a report, one sentence each, worst first. Empty if there are none. */
export function describeConflicts(report: ClassPathReport): readonly string[] {
  const { unreadable, versions, duplicates, splitPackages } = report
  return [
    ...unreadable.map(({ jar, reason }) => `${jar} brings no classes: ${reason}`),
    ...versions.map(describeVersions),
    ...duplicates.filter(({ different }) => different.length > 0).map(describeDuplicates),
    ...splitPackages.filter(({ isGuarded }) => isGuarded).map(describeSplit),
  ]
}

function describeVersions({ artifact, versions }: VersionConflict): string {
  const found = versions.map(({ version, jar }) => `${version} (${jar})`)
  return `${artifact} has two versions on the class path: ${inWords(found)}; shared classes come from the first`
}

function describeDuplicates({ used, unused, different }: DuplicateClasses): string {
  const [example = ''] = different
  const what = different.length === 1 ? `class ${example} is` : `${different.length} classes are`
  const such = different.length === 1 ? '' : `, such as ${example}`
  return `${what} not the same in ${inWords([used, ...unused])}${such}; ${used} is used`
}

function describeSplit({ name, jars }: SplitPackage): string {
  return `package ${name} is in ${inWords(jars)}, one of them signed or sealed, which a JVM may refuse`
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
