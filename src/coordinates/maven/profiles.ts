/**
 * Which profiles of a POM in a repository are active: by JDK, operating system and property, all that are named, else
 * those that are so by default. Activation by file is never met: no file of this machine is looked at.
 * Source: Maven's "Introduction to Build Profiles".
 */
import { elementOf, textOf } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { isOsFamily, systemProperties } from './platform.ts'
import type { JavaPlatform } from './platform.ts'
import type { PomProfile } from './pom.ts'

type Condition = (java: JavaPlatform) => boolean

/** The active ones, in the POM's order. */
export function activeProfiles(
  profiles: readonly PomProfile[],
  java: JavaPlatform,
): readonly PomProfile[] {
  const active = profiles.filter(({ activation }) => isActive(activation, java))
  if (active.length > 0) return active
  return profiles.filter(({ activation }) => textOf(activation, 'activeByDefault') === 'true')
}

function isActive(activation: XmlElement | undefined, java: JavaPlatform): boolean {
  const conditions = conditionsOf(activation)
  return conditions.length > 0 && conditions.every((isMet) => isMet(java))
}

function conditionsOf(activation: XmlElement | undefined): readonly Condition[] {
  const jdk = textOf(activation, 'jdk')
  const os = elementOf(activation, 'os')
  const property = elementOf(activation, 'property')
  const file = elementOf(activation, 'file')
  return [
    ...(jdk === undefined ? [] : [(java: JavaPlatform) => isJdk(jdk, java.javaVersion)]),
    ...(os === undefined ? [] : [(java: JavaPlatform) => isOs(os, java)]),
    ...(property === undefined ? [] : [(java: JavaPlatform) => hasProperty(property, java)]),
    ...(file === undefined ? [] : [() => false]),
  ]
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

/** A `!` in front turns it round. */
function isMet(asked: string, test: (value: string) => boolean): boolean {
  const value = asked.toLowerCase()
  return value.startsWith('!') ? !test(value.slice(1)) : test(value)
}

function hasProperty(property: XmlElement, java: JavaPlatform): boolean {
  const asked = textOf(property, 'name') ?? ''
  const name = asked.replace(/^!/, '')
  if (name === '') return false
  const value = systemProperties(java).get(name) ?? ''
  const wanted = textOf(property, 'value') ?? ''
  if (wanted === '') return asked.startsWith('!') ? value === '' : value !== ''
  return wanted.startsWith('!') ? wanted.slice(1) !== value : wanted === value
}

function isJdk(asked: string, version: string): boolean {
  if (asked.startsWith('!')) return !version.startsWith(asked.slice(1))
  if (!/^[[(]/.test(asked)) return version.startsWith(asked)
  const [from = '', to] = asked.split(',')
  const lower = from.replace(/^[[(]/, '').trim()
  const upper = (to ?? '').replace(/[)\]]$/, '').trim()
  const above = lower === '' ? 1 : compareJdks(version, lower)
  // Nothing after a comma, or none at all: whatever is newer.
  const below = upper === '' ? 1 : compareJdks(upper, version)
  return (
    (above > 0 || (above === 0 && from.startsWith('['))) &&
    (below > 0 || (below === 0 && asked.endsWith(']')))
  )
}

/** By the first three numbers, whatever stands between them. */
function compareJdks(one: string, other: string): number {
  const these = numbersOf(one)
  const those = numbersOf(other)
  return (
    [0, 1, 2]
      .map((index) => (these[index] ?? 0) - (those[index] ?? 0))
      .find((difference) => difference !== 0) ?? 0
  )
}

function numbersOf(version: string): readonly number[] {
  return version.split(/[._-]/).map((part) => Number(part.replaceAll(/\D/g, '')))
}
