/** `--package` and the options that say how packages are resolved. */
import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import { parseCoordinate } from '../../coordinates/packages/coordinate.ts'
import { defined } from '../../defined.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { platforms } from '../../domain/runtimes/platforms.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { configInvalid } from '../../errors.ts'
import type { PackageSettings } from '../../framework/options/options.ts'
import { isModuleName } from './greedy-options.ts'
import { toJavaVersion } from './option-values.ts'

export interface PackageFlags {
  readonly package?: readonly string[]
  readonly bom?: readonly string[]
  readonly exclude?: readonly string[]
  readonly overrides?: Readonly<Record<string, unknown>>
  readonly lock?: string
  readonly frozen?: boolean
  readonly update?: boolean
  readonly offline?: boolean
  readonly repository?: readonly string[]
  readonly mavenSettings?: string
  readonly requireChecksums?: boolean
  readonly javaVersion?: string
  readonly agentPlatform?: Platform
}

/** Adds the options to `command`. */
export function addPackageFlags(command: Command): Command {
  return command
    .optionsGroup('Packages:')
    .option(
      '--package <coordinate...>',
      'packages, each with all its dependencies: maven:GROUP:ARTIFACT:VERSION, npm:NAME@RANGE, npm:ALIAS@npm:NAME@RANGE',
      collectCoordinates,
    )
    .option('--bom <coordinate...>', 'Maven BOMs whose versions apply to all packages')
    .option(
      '--exclude <group:artifact...>',
      'Maven artifacts to leave out; GROUP:* for a whole group',
    )
    .option(
      '--overrides <file>',
      'package.json whose "overrides" apply to npm packages',
      readOverrides,
    )
    .option(
      '--lock <file>',
      'lock file of packages, runtimes and what modules import; written if missing or for others, else used',
    )
    .option('--frozen', 'fail if the lock file is missing or would change')
    .option('--update', 'resolve packages again and rewrite the lock file')
    .option('--offline', 'use only packages that are already on this machine')
    .option('--repository <url...>', 'Maven repositories in addition to Central: URL, or ID::URL')
    .option('--maven-settings <file>', 'Maven settings (default: ~/.m2/settings.xml)')
    .option('--require-checksums', 'refuse packages without a checksum in their registry')
    .option(
      '--java-version <version>',
      'Java version of the agents, for profiles in POMs (default: 17)',
      toJavaVersion,
    )
    .addOption(
      new Option(
        '--agent-platform <platform>',
        'what agents run, for native addons and packages of one platform (default: as this machine)',
      ).choices(platforms),
    )
}

/** The settings of the resolution; only what the flags set. */
export function toPackageSettings(flags: PackageFlags): PackageSettings {
  const { bom, exclude, overrides, lock, repository, mavenSettings, javaVersion } = flags
  const { agentPlatform } = flags
  return defined({
    boms: bom,
    exclusions: exclude,
    overrides,
    lockFile: lock,
    isFrozen: flags.frozen,
    isUpdate: flags.update,
    isOffline: flags.offline,
    repositories: repository,
    mavenSettings,
    missingChecksum: flags.requireChecksums === true ? ('fail' as const) : undefined,
    javaVersion,
    platform: agentPlatform && platformOf(agentPlatform),
  })
}

/** `linux-x64-musl` as npm sees it. */
function platformOf(agents: Platform): NonNullable<PackageSettings['platform']> {
  const [os, cpu, libc = 'glibc'] = agents.split('-')
  return defined({ os, cpu, libc })
}

function readOverrides(file: string): Readonly<Record<string, unknown>> {
  const manifest = parseJson(readText(file).replace(/^\uFEFF/, ''))
  const overrides = isRecord(manifest) ? manifest['overrides'] : undefined
  if (isRecord(overrides)) return overrides
  throw configInvalid('overrides', `--overrides ${file} is no package.json with "overrides"`)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw configInvalid('overrides', `--overrides ${file} cannot be read (${code})`, cause)
  }
}

/** Refuses a wrong coordinate before anything starts. */
function collectCoordinates(text: string, before: readonly string[] = []): readonly string[] {
  // This may be the task module, which is separated once all options are read.
  if (!isModuleName(text)) parseCoordinate(text)
  return [...before, text]
}
