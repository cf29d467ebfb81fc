/** The Java version and operating system of the agents, in Java's own names. */
import { arch, platform, release } from 'node:os'
import { posix } from 'node:path'

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
// Placeholders: the folders of an agent are unknown here.
const folders: Readonly<Record<string, string>> = {
  'java.home': '/java.home',
  'user.home': '/user.home',
  'user.dir': '/user.dir',
  'java.io.tmpdir': '/tmp',
  'maven.home': '/maven.home',
}
const files: ReadonlySet<string> = new Set([
  ...Object.values(folders),
  '/java.home/bin',
  '/java.home/bin/java',
  '/java.home/lib',
  '/',
  '/bin',
  '/bin/sh',
  '/dev/null',
  '/etc',
  '/usr',
  '/usr/bin',
])

/** The platform of this machine with Java 17, unless given. */
export function toPlatform(given: Partial<JavaPlatform> = {}): JavaPlatform {
  return {
    javaVersion: given.javaVersion ?? '17.0.0',
    osName: given.osName ?? osNames[platform()] ?? platform(),
    osArch: given.osArch ?? archNames[arch()] ?? arch(),
    osVersion: given.osVersion ?? release(),
  }
}

/**
 * The system properties that POMs can refer to: those of an OpenJDK that runs Maven. They reveal
 * neither environment nor folders of this machine: a POM is not trusted, and the values end up in
 * requested addresses.
 */
export function systemProperties(java: JavaPlatform): ReadonlyMap<string, string> {
  const [major = '', minor = ''] = java.javaVersion.split('.')
  const specification = major === '1' ? `1.${minor}` : major
  const is64 = !/^(?:i\d86|x86|arm)$/.test(java.osArch)
  return new Map([
    ...Object.entries(folders),
    ['java.version', java.javaVersion],
    ['java.specification.version', specification],
    ['java.class.version', `${44 + Number(major === '1' ? minor : major)}.0`],
    ['java.vendor', 'Eclipse Adoptium'],
    ['java.runtime.name', 'OpenJDK Runtime Environment'],
    ['java.runtime.version', java.javaVersion],
    ['java.vm.name', `OpenJDK ${is64 ? '64-Bit ' : ''}Server VM`],
    ['java.vm.vendor', 'Eclipse Adoptium'],
    ['java.vm.version', java.javaVersion],
    ['java.vm.specification.version', specification],
    ['java.class.path', '/maven.home/boot/plexus-classworlds.jar'],
    ['java.library.path', '/usr/lib'],
    ['maven.version', '3.8.7'],
    ['os.name', java.osName],
    ['os.arch', java.osArch],
    ['os.version', java.osVersion],
    ['sun.arch.data.model', is64 ? '64' : '32'],
    ['sun.cpu.endian', 'little'],
    ['user.name', 'user'],
    ['user.language', 'en'],
    ['file.encoding', 'UTF-8'],
    ['file.separator', '/'],
    ['path.separator', ':'],
    ['line.separator', '\n'],
  ])
}

/**
 * True for an absolute path that every agent has. Reads no file of this machine: a POM is not
 * trusted.
 */
export function hasAgentFile({ javaVersion }: JavaPlatform, path: string): boolean {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '')
  if (normal === '/lib/tools.jar') return javaVersion.startsWith('1.')
  return files.has(normal)
}

/** Families are `unix`, `windows`, `mac`, `dos`, `winnt` and parts of the system's name. */
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
