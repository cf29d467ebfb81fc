/** The Java and the operating system that POMs may ask about, in Java's own names. */
import { arch, platform, release } from 'node:os'

export interface JavaPlatform {
  /** Such as `17.0.2`. */
  readonly javaVersion: string
  /** `os.name`, such as `Linux`. */
  readonly osName: string
  /** `os.arch`, such as `amd64`. */
  readonly osArch: string
  readonly osVersion: string
}

const osNames: Readonly<Record<string, string>> = {
  linux: 'Linux',
  darwin: 'Mac OS X',
  win32: 'Windows 10',
  freebsd: 'FreeBSD',
}
const archNames: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'aarch64',
  ia32: 'i386',
  ppc64: 'ppc64le',
}

/** This machine's, with the Java given; default 17. Agents of another kind are told by the settings. */
export function toPlatform(given: Partial<JavaPlatform> = {}): JavaPlatform {
  return {
    javaVersion: given.javaVersion ?? '17.0.0',
    osName: given.osName ?? osNames[platform()] ?? platform(),
    osArch: given.osArch ?? archNames[arch()] ?? arch(),
    osVersion: given.osVersion ?? release(),
  }
}

/**
 * The system properties that POMs can refer to. The environment and the home folder are not among them: a POM is
 * somebody else's text, and what it refers to ends up in the addresses that are asked for.
 */
export function systemProperties(java: JavaPlatform): ReadonlyMap<string, string> {
  const [major = '', minor = ''] = java.javaVersion.split('.')
  return new Map([
    ['java.version', java.javaVersion],
    ['java.specification.version', major === '1' ? `1.${minor}` : major],
    // Only named in paths of system scope, which are left out.
    ['java.home', '/java.home'],
    ['os.name', java.osName],
    ['os.arch', java.osArch],
    ['os.version', java.osVersion],
    ['file.separator', '/'],
    ['path.separator', ':'],
    ['line.separator', '\n'],
  ])
}

/** True when the system is of that family, such as `unix` or `windows`. */
export function isOsFamily({ osName }: JavaPlatform, family: string): boolean {
  const name = osName.toLowerCase()
  const isWindows = name.includes('windows')
  const isMac = name.includes('mac') || name.includes('darwin')
  if (family === 'windows') return isWindows
  if (family === 'dos') return isWindows
  if (family === 'winnt') return isWindows
  if (family === 'mac') return isMac
  if (family === 'unix') return !isWindows
  return name.includes(family)
}
