/** The options about packages by coordinate, and what they mean for resolving them. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parseCoordinate } from '../../coordinates/packages/coordinate.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { JarcastError } from '../../errors.ts'
import { toJavaVersion } from './option-values.ts'
import { isModuleName } from './greedy-options.ts'
import type { PackageSettings } from '../../framework/options/options.ts'

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
}

/** Adds the options to `command`. */
export function addPackageFlags(command: Command): Command {
  return command
    .option(
      '--package <coordinate...>',
      'packages with all they need: maven:GROUP:ARTIFACT:VERSION, npm:NAME@RANGE, npm:ALIAS@npm:NAME@RANGE',
      collectCoordinates,
    )
    .option('--bom <coordinate...>', 'Maven BOMs whose versions hold for all packages')
    .option('--exclude <group:artifact...>', 'Maven artifacts that are left out; GROUP:* for all')
    .option(
      '--overrides <file>',
      'package.json whose "overrides" hold for npm packages',
      readOverrides,
    )
    .option('--lock <file>', 'lock file of the packages: written once, used from then on')
    .option('--frozen', 'use the lock file as it is, or fail')
    .option('--update', 'resolve packages anew, whatever the lock file says')
    .option('--offline', 'take packages from this machine alone')
    .option('--repository <url...>', 'Maven repositories beside Central: URL, or ID::URL')
    .option('--maven-settings <file>', 'Maven settings (default: ~/.m2/settings.xml)')
    .option('--require-checksums', 'refuse packages that have no checksum in their registry')
    .option(
      '--java-version <version>',
      'of the agents, for profiles in POMs (default: 17)',
      toJavaVersion,
    )
}

/** What resolving is told. */
export function toPackageSettings(flags: PackageFlags): PackageSettings {
  const { bom, exclude, overrides, lock, repository, mavenSettings, javaVersion } = flags
  return {
    ...(bom === undefined ? {} : { boms: bom }),
    ...(exclude === undefined ? {} : { exclusions: exclude }),
    ...(overrides === undefined ? {} : { overrides }),
    ...(lock === undefined ? {} : { lockFile: lock }),
    ...(flags.frozen === true ? { isFrozen: true } : {}),
    ...(flags.update === true ? { isUpdate: true } : {}),
    ...(flags.offline === true ? { isOffline: true } : {}),
    ...(repository === undefined ? {} : { repositories: repository }),
    ...(mavenSettings === undefined ? {} : { mavenSettings }),
    ...(flags.requireChecksums === true ? { missingChecksum: 'fail' as const } : {}),
    ...(javaVersion === undefined ? {} : { javaVersion }),
  }
}

function readOverrides(file: string): Readonly<Record<string, unknown>> {
  const manifest = parseJson(readText(file).replace(/^\uFEFF/, ''))
  const overrides = isRecord(manifest) ? manifest['overrides'] : undefined
  if (isRecord(overrides)) return overrides
  const message = `--overrides ${file} is no package.json with "overrides"`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path: file } })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const message = `--overrides ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`
    throw new JarcastError('CONFIG_INVALID', message, { cause, details: { path: file } })
  }
}

/** Found out here, a wrong one costs no start. */
function collectCoordinates(text: string, before: readonly string[] = []): readonly string[] {
  // This may be the task module: it is separated after all options are read.
  if (!isModuleName(text)) parseCoordinate(text)
  return [...before, text]
}
