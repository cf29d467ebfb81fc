import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../../../src/coordinates/maven/versions/version.ts'
import {
  allowsVersion,
  parseConstraint,
} from '../../../../src/coordinates/maven/versions/version-constraint.ts'

describe('compareVersions', () => {
  // From Maven's own documentation and tests.
  const ascending = [
    '1-alpha-1',
    '1-beta',
    '1-milestone-2',
    '1-rc',
    '1-SNAPSHOT',
    '1',
    '1-sp',
    '1-abc',
    '1-jre',
    '1.0.1',
    '1.1-rc1',
    '1.1-rc2',
    '1.1',
    '1.9',
    '1.10',
    '2.0-android',
    '2.0.1',
    '20240101',
    '12345678901234567890',
  ]

  it('sorts versions', () => {
    for (const [index, older] of ascending.entries()) {
      for (const newer of ascending.slice(index + 1)) {
        expect([older, newer, Math.sign(compareVersions(older, newer))]).toEqual([older, newer, -1])
        expect(Math.sign(compareVersions(newer, older))).toBe(1)
      }
    }
  })

  it('ignores padding, case and separators', () => {
    const equal = [
      ['1', '1.0.0'],
      ['1.0', '1-ga'],
      ['1', '1.Final'],
      ['1-RC1', '1.rc.1'],
      ['1a1', '1-alpha-1'],
      ['1_0_2', '1.0.2'],
      ['1.02', '1.2'],
      ['', '0'],
    ] as const
    for (const [one, other] of equal) expect([one, compareVersions(one, other)]).toEqual([one, 0])
  })
})

describe('parseConstraint', () => {
  const allowed = (text: string, versions: readonly string[]): readonly string[] => {
    const constraint = parseConstraint(text)
    return versions.filter((version) => allowsVersion(constraint, version))
  }

  it('reads open and closed ranges, one or several', () => {
    const versions = ['0.9', '1', '1.5', '2', '2.5', '3']
    expect(allowed('[1,2)', versions)).toEqual(['1', '1.5'])
    expect(allowed('(1,2]', versions)).toEqual(['1.5', '2'])
    expect(allowed('[2,)', versions)).toEqual(['2', '2.5', '3'])
    expect(allowed('(,1]', versions)).toEqual(['0.9', '1'])
    expect(allowed('[1.5]', versions)).toEqual(['1.5'])
    expect(allowed('[2.*]', versions)).toEqual(['2', '2.5'])
    expect(allowed('(,1),[2.5,3]', versions)).toEqual(['0.9', '2.5', '3'])
  })

  it('refuses invalid ranges', () => {
    for (const text of ['[1,2', '[1,2,3]', '(1)', '[2,1]', '[1,2]x']) {
      expect(() => parseConstraint(text)).toThrow(
        expect.objectContaining({ code: 'PACKAGE_UNRESOLVABLE' }),
      )
    }
  })
})
