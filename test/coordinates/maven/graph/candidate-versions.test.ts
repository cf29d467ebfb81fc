import { describe, expect, it } from 'vitest'
import { candidateVersions } from '../../../../src/coordinates/maven/graph/candidate-versions.ts'
import { parseConstraint } from '../../../../src/coordinates/maven/versions/version-constraint.ts'
import { dependencyOf } from './pom-dependency.ts'

function candidates(version: string, listed: readonly string[]): Promise<readonly string[]> {
  const dependency = dependencyOf(`g:a:${version}`)
  return candidateVersions(dependency, parseConstraint(version), {
    versionsOf: () => Promise.resolve(listed),
    fixVersion: ({ version: written = '' }) =>
      Promise.resolve(written === 'RELEASE' ? '9' : written),
  })
}

describe('candidateVersions', () => {
  it('gives the versions of a range, oldest first', async () => {
    expect(await candidates('[1,2)', ['1.10', '2', '1.9', '0.1'])).toEqual(['1.9', '1.10'])
  })

  it('gives one version without a range', async () => {
    expect(await candidates('1', ['1', '2'])).toEqual(['1'])
    expect(await candidates('RELEASE', [])).toEqual(['9'])
  })

  it('limits a range to its newest 500 versions', async () => {
    const listed = Array.from({ length: 600 }, (_, index) => `1.${index}`)
    const found = await candidates('[1,2)', listed)
    expect([found.length, found[0], found.at(-1)]).toEqual([500, '1.100', '1.599'])
  })

  it('refuses a range without versions', async () => {
    await expect(candidates('[3,4)', ['1', '2'])).rejects.toMatchObject({
      code: 'PACKAGE_UNRESOLVABLE',
      message: 'maven:g:a has no version in [3,4)',
    })
  })
})
