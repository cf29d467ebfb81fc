/** All options that `run` and `exec` share, and the framework's options that they stand for. */
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import type { FrameworkOptions } from '../../framework/options/options.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { addSparkFlags } from './config-flags.ts'
import { addContainerFlags, containerOf } from './container-flags.ts'
import { addExecutorFlags, toExecutorOptions } from './executor-flags.ts'
import type { ExecutorFlags } from './executor-flags.ts'
import { addInspectFlags } from './inspect-flags.ts'
import type { InspectFlags } from './inspect-flags.ts'
import { addJarServerFlags, toJarServerOptions } from './jar-server-flags.ts'
import type { JarServerFlags } from './jar-server-flags.ts'
import { addLibraryFlags } from './library-flags.ts'
import type { LibraryFlags } from './library-flags.ts'
import { addMasterFlags, isLocalMaster, toMasterOptions } from './master-flags.ts'
import type { MasterFlags } from './master-flags.ts'
import { addPackageFlags, toPackageSettings } from './package-flags.ts'
import type { PackageFlags } from './package-flags.ts'
import { addTaskFlags } from './task-flags.ts'
import type { TaskFlags } from './task-flags.ts'

export interface FrameworkFlags
  extends
    MasterFlags,
    LibraryFlags,
    PackageFlags,
    TaskFlags,
    JarServerFlags,
    ExecutorFlags,
    InspectFlags,
    OutputFlags {
  readonly name?: string
  readonly role?: string
  readonly user?: string
  readonly journal?: string
  readonly detach?: boolean
  readonly control?: string
  readonly dryRun?: boolean
}

interface OutputFlags {
  readonly json?: boolean
  readonly verbose?: boolean
}

/** Adds the options to `command`. */
export function addFrameworkFlags(command: Command): Command {
  addMasterFlags(command)
  addLibraryFlags(command)
  addPackageFlags(command)
  addTaskFlags(command)
  addContainerFlags(command)
  command
    .optionsGroup('Framework:')
    .option('--name <name>', 'name of the framework (default: "jarcast")')
    .option('--role <role>', 'role whose offers the framework gets (default: "*")')
    .option('--user <user>', 'user that tasks run as (default: you)')
    .option('--journal <dir>', 'record the run in this folder; the same command continues it')
    .option(
      '--control <path>',
      'offer a control address at this path (default: DIR/control.sock of --journal)',
    )
    .option('--detach', 'leave the framework registered at the end')
  addJarServerFlags(command)
  addExecutorFlags(command)
  addInspectFlags(command)
  addSparkFlags(command)
  return command
    .optionsGroup('Options:')
    .option('--dry-run', 'show what would be shipped and launched, and launch nothing')
    .option('--json', 'print one JSON object per event and nothing else')
    .option('--verbose', 'show the files of packed --lib folders, and the stack of an error')
}

/** `master`: the address that stands for `--master`, which may be "local". */
export function toFrameworkOptions(
  flags: FrameworkFlags,
  master: string,
  libraries: readonly LibraryInput[],
): FrameworkOptions {
  const { conflicts, delivery, gpus, journal, name, role, runtime, user } = flags
  const isLocal = isLocalMaster(flags)
  const packages = toPackageSettings(flags)
  return {
    master,
    libraries,
    jarServer: toJarServerOptions(flags, isLocal ? '127.0.0.1' : undefined),
    executor: {
      ...toExecutorOptions(flags, isLocal),
      ...(hasPlainTasks(flags, libraries)
        ? {}
        : defined({ container: containerOf(flags), secrets: flags.envSecret })),
    },
    ...toMasterOptions(flags),
    ...defined({
      packages: Object.keys(packages).length === 0 ? undefined : packages,
      conflicts,
      name,
      role,
      user,
      journal,
      // Mesos offers agents with GPUs only to frameworks with this capability.
      capabilities: gpus === undefined ? undefined : (['GPU_RESOURCES'] as const),
      delivery,
      runtime,
    }),
  }
}

/** True where tasks are plain commands: each may have a container of its own. */
export function hasPlainTasks(
  { delivery, executorScript }: ExecutorFlags,
  libraries: readonly LibraryInput[],
): boolean {
  return libraries.length === 0 || (delivery === 'fetcher' && executorScript === undefined)
}
