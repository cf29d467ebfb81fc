/**
 * The active profiles of a POM: those whose conditions all match the agents, else those that are
 * active by default. Reads no file of this machine.
 * Source: Maven's "Introduction to Build Profiles" and profile activators of 3.8.
 */
import { JarcastError } from '../../../errors.ts'
import { elementOf, textOf } from '../../xml/elements.ts'
import type { XmlElement } from '../../xml/elements.ts'
import { createInterpolator } from './interpolate.ts'
import { hasAgentFile, isOsFamily, systemProperties } from './platform.ts'
import type { JavaPlatform } from './platform.ts'
import type { PomProfile } from './pom.ts'

type Properties = ReadonlyMap<string, string>

interface JdkBound {
  /** Empty when the range has no such bound. */
  readonly value: string
  readonly isInclusive: boolean
}

/**
 * The active profiles, in the POM's order. `properties` are those of the POM, for paths. Throws
 * `PACKAGE_INVALID` for an activation that Maven refuses.
 */
export function activeProfiles(
  profiles: readonly PomProfile[],
  java: JavaPlatform,
  properties: Properties,
): readonly PomProfile[] {
  const active = profiles.filter(({ id, activation }) => {
    try {
      return isActive(activation, java, properties)
    } catch (cause) {
      const message = `the activation of profile ${id} is invalid: ${(cause as Error).message}`
      throw new JarcastError('PACKAGE_INVALID', message, { cause })
    }
  })
  if (active.length > 0) return active
  return profiles.filter(({ activation }) =>
    /^true$/i.test(textOf(activation, 'activeByDefault') ?? ''),
  )
}

function isActive(
  activation: XmlElement | undefined,
  java: JavaPlatform,
  properties: Properties,
): boolean {
  const jdk = textOf(activation, 'jdk')
  const os = elementOf(activation, 'os')
  const property = elementOf(activation, 'property')
  const file = elementOf(activation, 'file')
  const conditions = [
    jdk === undefined ? undefined : isJdk(jdk, java.javaVersion),
    os && isOs(os, java),
    property && hasProperty(property, java),
    file && isFileThere(file, java, properties),
  ].filter((condition) => condition !== undefined)
  return conditions.length > 0 && conditions.every(Boolean)
}

function isOs(os: XmlElement, java: JavaPlatform): boolean {
  const tests: readonly (readonly [string, (value: string) => boolean])[] = [
    ['family', (family) => isOsFamily(java, family)],
    ['name', (name) => java.osName.toLowerCase() === name],
    ['arch', (arch) => java.osArch.toLowerCase() === arch],
    ['version', (version) => java.osVersion.toLowerCase() === version],
  ]
  const asked = tests.filter(([name]) => textOf(os, name) !== undefined)
  return asked.length > 0 && asked.every(([name, test]) => isMet(textOf(os, name) ?? '', test))
}

/** A leading `!` negates the test. */
function isMet(asked: string, test: (value: string) => boolean): boolean {
  const value = asked.toLowerCase()
  return value.startsWith('!') ? !test(value.slice(1)) : test(value)
}

function hasProperty(property: XmlElement, java: JavaPlatform): boolean {
  const asked = textOf(property, 'name') ?? ''
  const name = asked.replace(/^!/, '')
  if (name === '') throw new Error('its property has no name')
  const value = systemProperties(java).get(name) ?? ''
  const wanted = textOf(property, 'value') ?? ''
  if (wanted === '') return asked.startsWith('!') ? value === '' : value !== ''
  return wanted.startsWith('!') ? wanted.slice(1) !== value : wanted === value
}

/**
 * A path that is not absolute, such as one below `${basedir}`, counts neither as existing nor as
 * missing.
 */
function isFileThere(file: XmlElement, java: JavaPlatform, properties: Properties): boolean {
  const exists = textOf(file, 'exists') ?? ''
  const asked = exists === '' ? (textOf(file, 'missing') ?? '') : exists
  const system = systemProperties(java)
  const fill = createInterpolator([(name) => properties.get(name), (name) => system.get(name)])
  const path = asked.includes('${basedir}') ? '' : fill(asked)
  return path.startsWith('/') && hasAgentFile(java, path) === (exists !== '')
}

function isJdk(asked: string, version: string): boolean {
  if (asked.startsWith('!')) return !version.startsWith(asked.slice(1))
  if (!/^[[(]/.test(asked)) return version.startsWith(asked)
  const [from, to] = boundsOf(asked)
  const left = compareToBound(version, from, 1)
  return left === 0 || (left > 0 && compareToBound(version, to, -1) <= 0)
}

/**
 * The first two bounds. As in Maven, parts without a bracket are ignored, and a single bound allows
 * all newer versions.
 */
function boundsOf(range: string): readonly [JdkBound, JdkBound] {
  const bounds = splitAsJava(range, ',').flatMap((token): readonly JdkBound[] => {
    const isOpening = /^[[(]/.test(token)
    if (!isOpening && token !== '' && !/[\])]$/.test(token)) return []
    const bracket = (isOpening ? token[0] : token.at(-1)) ?? ''
    const value = token.replaceAll(bracket, '').trim()
    return [{ value, isInclusive: bracket === '[' || bracket === ']' }]
  })
  const [first, second] = bounds
  const newest = { value: '99999999', isInclusive: false }
  return [first ?? newest, second ?? newest]
}

/**
 * Compares the first three numbers. A version equal to an exclusive bound gives `-side`; an absent
 * bound gives `side`.
 */
function compareToBound(version: string, { value, isInclusive }: JdkBound, side: 1 | -1): number {
  if (value === '') return side
  const these = splitAsJava(version.replaceAll(/[^\d._-]/g, ''), /[._-]/)
  const those = splitAsJava(value, '.')
  for (const index of [0, 1, 2]) {
    const difference = toNumber(these[index] ?? '0') - toNumber(those[index] ?? '0')
    if (difference !== 0) return difference
  }
  return isInclusive ? 0 : -side
}

/** Splits as Java's `String.split` does: drops empty parts at the end. */
function splitAsJava(text: string, separator: string | RegExp): readonly string[] {
  const parts = text.split(separator)
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}

function toNumber(text: string): number {
  const number = /^[-+]?\d+$/.test(text) ? Number(text) : Number.NaN
  if (Math.abs(number) <= 0x7f_ff_ff_ff) return number
  throw new Error(`${JSON.stringify(text)} in its range of JDKs is not a number`)
}
