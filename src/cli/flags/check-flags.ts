/** Refuses options that contradict each other, are missing, or would have no effect. */
import { userInfo } from 'node:os'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import { configInvalid } from '../../errors.ts'
import type { FrameworkFlags } from './framework-flags.ts'
import { toPageOptions } from './inspect-flags.ts'
import { isLocalMaster } from './master-flags.ts'

/** Throws `CONFIG_INVALID`. */
export function checkFrameworkFlags(flags: FrameworkFlags): void {
  // Commander would report a missing --master before an unknown option.
  if ((flags.master as string | undefined) === undefined) {
    throw configInvalid('master', '--master is missing: give the URL of a master, or "local"')
  }
  const isLocal = isLocalMaster(flags)
  if (!isLocal && (flags.agents !== undefined || flags.workDir !== undefined)) {
    const message = '--agents and --work-dir are for --master local; a real cluster has its own'
    throw configInvalid('agents', message)
  }
  if (isLocal && flags.detach === true) {
    const message = '--detach needs a master that keeps running; "local" ends with this program'
    throw configInvalid('detach', message)
  }
  if (isLocal) refuseOtherUser(flags)
  refusePackageFlagsAlone(flags)
  refuseTlsFlagsAlone(flags)
  toPageOptions(flags)
}

/** The cluster in this process runs all tasks as the user of this process. */
function refuseOtherUser({ user }: FrameworkFlags): void {
  const own = userName()
  if (user === undefined || own === undefined || user === own) return
  const message = `--user ${user} has no effect: with --master local, tasks run as you (${own})`
  throw configInvalid('user', message)
}

function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    // The user of a container may have no name.
    return undefined
  }
}

function refusePackageFlagsAlone(flags: FrameworkFlags): void {
  const { jar = [], jars = [], lib = [], package: packages = [], runtime = [] } = flags
  const archives = runtime.map((text) => text.replace(/^(?:node|jre)=/, ''))
  if ([...jar, ...jars, ...lib, ...packages, ...archives].some(isCoordinate)) return
  const flag = packageOnlyFlags.find((name) => flags[name] !== undefined)
  if (flag === undefined) return
  throw configInvalid(flag, `${nameOf(flag)} is for packages: name one with --package`)
}

function refuseTlsFlagsAlone(flags: FrameworkFlags): void {
  // ZooKeeper, or the file, may name a master with https://.
  if (/(?:^|,)\s*(?:https|zk|file):/i.test(flags.master)) return
  const flag = tlsFlags.find((name) => flags[name] !== undefined)
  if (flag === undefined) return
  const message = `${nameOf(flag)} is for masters that speak TLS: write https:// in --master`
  throw configInvalid(flag, message)
}

/** The lock file is also for runtimes and for what modules import. */
const packageOnlyFlags = [
  'bom',
  'exclude',
  'overrides',
  'repository',
  'mavenSettings',
  'requireChecksums',
] as const

const tlsFlags = ['tlsCa', 'tlsCert', 'tlsKey', 'tlsServerName'] as const

/** `--tls-ca` of `tlsCa`. */
function nameOf(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
