import type { PomDependency } from '../../../../src/coordinates/maven/model/pom.ts'

/** The dependency `group:artifact:version`, with no further elements. */
export function dependencyOf(gav: string, scope?: string): PomDependency {
  const [groupId = '', artifactId = '', version] = gav.split(':')
  return {
    groupId,
    artifactId,
    version,
    type: 'jar',
    classifier: undefined,
    scope,
    optional: undefined,
    systemPath: undefined,
    exclusions: [],
  }
}
