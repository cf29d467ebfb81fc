import { describe, expect, it } from 'vitest'
import {
  depthOfPackage,
  isPackageName,
  isPackagePlace,
  nameAtPlace,
} from '../../../src/domain/libraries/package-name.ts'

describe('isPackageName', () => {
  it.each(['a', 'A.b_c~d', '@s/a', '@s/_a', "it's-(old)!*", '7zip'])('takes %s', (name) => {
    expect(isPackageName(name)).toBe(true)
  })

  it.each([
    '',
    '.',
    '..',
    '.bin',
    '_a',
    '-a',
    '@s',
    '@s/',
    '@s/..',
    '@s/.a',
    '@/a',
    'a/b',
    'a\\b',
    'a b',
    'ä',
    'node_modules',
    'x'.repeat(215),
    4,
  ])('refuses %j', (name) => {
    expect(isPackageName(name)).toBe(false)
  })
})

describe('isPackagePlace', () => {
  it('takes folders of packages below node_modules alone', () => {
    const places = ['node_modules/a', 'node_modules/@s/a/node_modules/b']
    expect(places.map(isPackagePlace)).toEqual([true, true])
    expect(places.map(nameAtPlace)).toEqual(['a', 'b'])
    const others = [
      'a',
      'node_modules',
      'node_modules/',
      'x/node_modules/a',
      'node_modules/a/lib',
      'node_modules/../a',
      'node_modules/.bin',
      'node_modules/a/node_modules',
    ]
    expect(others.filter(isPackagePlace)).toEqual([])
  })
})

describe('depthOfPackage', () => {
  it('finds a package.json below one folder of any name', () => {
    const depths = [
      'package/package.json',
      'x-1/package.json',
      './package.json',
      './x/package.json',
    ]
    expect(depths.map(depthOfPackage)).toEqual([1, 1, 1, 2])
    const others = ['package.json', 'a/b/package.json', 'a/package.json.bak', 'a/']
    expect(others.map(depthOfPackage)).toEqual([undefined, undefined, undefined, undefined])
  })
})
