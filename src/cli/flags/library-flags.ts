/** `--jar`, `--lib` and `--archive`: the libraries that a run ships, jars in class-path order. */
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { ConflictPolicy } from '../../framework/options/options.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { collectList } from './option-values.ts'
import type { PackageFlags } from './package-flags.ts'

export interface LibraryFlags {
  readonly jar?: readonly string[]
  readonly jars?: readonly string[]
  readonly lib?: readonly string[]
  readonly archive?: readonly string[]
  readonly conflicts?: ConflictPolicy
}

/** Adds the options to `command`. */
export function addLibraryFlags(command: Command): Command {
  return command
    .optionsGroup('Libraries:')
    .option('--jar <path...>', 'jars to ship, in class-path order')
    .option('--jars <path,path>', 'further jars, after those of --jar; repeatable', collectList)
    .option(
      '--lib <path...>',
      'npm packages (.tgz, or a folder, packed as npm pack does) and plain files to ship',
    )
    .option(
      '--archive <path...>',
      'archives to unpack into $JARCAST_LIBRARIES/NAME: .tar, .tar.gz, .tgz, .zip',
    )
    .addOption(
      new Option(
        '--conflicts <policy>',
        'if jars conflict on the class path: warn, fail before anything runs, or ignore (default: warn)',
      ).choices(['warn', 'fail', 'ignore']),
    )
}

/** The libraries that `--jar`, `--archive`, `--lib` and `--package` name. */
export function librariesOf(
  flags: LibraryFlags & Pick<PackageFlags, 'package'>,
): readonly LibraryInput[] {
  const { jar = [], jars = [], lib = [], archive = [], package: packages = [] } = flags
  return [
    ...[...jar, ...jars].map((path) => ({ path, kind: 'jar' as const })),
    ...archive.map((path) => ({ path, kind: 'archive' as const })),
    ...[...lib, ...packages].map((path) => ({ path })),
  ]
}

/** `libraries` followed by `more`, each file once. */
export function mergeLibraries(
  libraries: readonly LibraryInput[],
  more: readonly LibraryInput[],
): readonly LibraryInput[] {
  const merged = new Map(libraries.map((library) => [resolve(library.path), library]))
  for (const library of more) {
    if (!merged.has(resolve(library.path))) merged.set(resolve(library.path), library)
  }
  return [...merged.values()]
}
