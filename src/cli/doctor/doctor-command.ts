import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { toSettings } from '../../framework/options/settings.ts'
import { addFrameworkFlags, toFrameworkOptions } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { isLocalMaster, toMasterOptions } from '../flags/master-flags.ts'
import { jsonEvent } from '../output/json-event.ts'
import { printable } from '../output/printable.ts'
import { openTerminal } from '../output/terminal.ts'
import type { Colours } from '../output/terminal.ts'
import { readAgents } from '../../framework/agents/read-agents.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { openMaster } from '../session/master.ts'
import { runChecks } from './check.ts'
import type { Check, Finding } from './check.ts'
import { readMasterAddress } from '../../client/servers/master-address.ts'
import { isZooKeeper } from '../../client/zookeeper/address.ts'
import { checkAgents, checkClock, checkDelivery } from './cluster-checks.ts'
import { checkDisk, checkJava, checkNode, checkPort } from './own-checks.ts'
import { checkZooKeeper } from './zookeeper-check.ts'

const help = `
Checks Node.js, Java, disks and the port of the jar server. With --master it also asks the master for its agents,
compares the clocks, and runs a task that fetches a file from this machine: agents must reach its advertised address. With
zk:// it first asks each server of ZooKeeper for the node of the leading master. --dry-run launches no task.
Give it the options that the run will have.

Examples:
  $ jarcast doctor
  $ jarcast doctor --master local
  $ jarcast doctor --master zk://10.0.0.1:2181/mesos --advertise build.example.com --jar-server-port 8080

Exit status: 0 if no check failed, 1 if one did.`

/** Adds `jarcast doctor`. Calls `done` with the exit status. */
export function addDoctorCommand(program: Command, done: (status: number) => void): void {
  addFrameworkFlags(program.command('doctor'))
    .summary('check this machine and the cluster, and say what to do')
    .description('Checks what a run needs of this machine and of the cluster.')
    .usage('[--master URL] [options]')
    .addHelpText('after', help)
    .action(async (flags: Partial<FrameworkFlags>) => {
      done(await withTemporaryFolder(() => examine(flags)))
    })
}

async function examine(flags: Partial<FrameworkFlags>): Promise<number> {
  const terminal = openTerminal(process.stdout)
  const show = (finding: Finding): void => {
    if (flags.json !== true) terminal.print(lineOf(finding, terminal.colours))
  }
  const findings = [
    ...(await runChecks(ownChecks(flags), show)),
    ...(await examineCluster(flags, show)),
  ]
  const failed = findings.filter(({ state }) => state === 'failed').length
  if (flags.json === true) terminal.print(jsonEvent('doctor', { failed, findings }))
  return failed === 0 ? exitStatuses.ok : exitStatuses.failed
}

function ownChecks(flags: Partial<FrameworkFlags>): Readonly<Record<string, Check>> {
  const isLocal = flags.master === 'local'
  return {
    'Node.js': () => checkNode(),
    Java: () => checkJava(isLocal),
    // This command has a temporary folder of its own.
    'temporary files': () => checkDisk('temporary files', dirname(tmpdir())),
    'jar server': () => checkPort(flags.bind, flags.jarServerPort ?? 0),
  }
}

async function examineCluster(
  flags: Partial<FrameworkFlags>,
  show: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  if (!hasMaster(flags)) {
    const text = 'give --master to check the cluster, too'
    return await runChecks({ master: () => ({ check: 'master', state: 'skipped', text }) }, show)
  }
  const master = await openMaster(flags)
  try {
    const options = {
      ...toFrameworkOptions(flags, master.url, []),
      ...defined({ credentials: master.credentials }),
    }
    const settings = toSettings(options)
    const elected = await runChecks(electionChecks(flags), show)
    if (elected.some(({ state }) => state === 'failed')) return elected
    let origin = ''
    const reached = await runChecks(
      {
        master: async () => {
          const agents = await readAgents(settings)
          origin = agents.master.origin
          return checkAgents(agents.offers, isLocalMaster(flags) ? 'local' : agents.master.origin)
        },
      },
      show,
    )
    if (origin === '') return [...elected, ...reached]
    const rest = {
      clock: () => checkClock(origin, settings),
      delivery: () => (flags.dryRun === true ? skippedDelivery : checkDelivery(options)),
    }
    return [...elected, ...reached, ...(await runChecks(rest, show))]
  } finally {
    await master.close()
  }
}

/** None for masters that are not elected. */
function electionChecks(flags: FrameworkFlags): Readonly<Record<string, Check>> {
  const address = readMasterAddress(flags.master)
  if (!isZooKeeper(address)) return {}
  const protocol = toMasterOptions(flags).tls === undefined ? 'http:' : 'https:'
  return { ZooKeeper: () => checkZooKeeper(address, { protocol }) }
}

const skippedDelivery: Finding = {
  check: 'delivery',
  state: 'skipped',
  text: 'with --dry-run no task is launched that would fetch a file from this machine',
}

function hasMaster(flags: Partial<FrameworkFlags>): flags is FrameworkFlags {
  return flags.master !== undefined
}

const marks = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const

function lineOf({ check, state, text, remedy }: Finding, colours: Colours): string {
  const paint = {
    ok: colours.green,
    warning: colours.yellow,
    failed: colours.red,
    skipped: colours.dim,
  }
  const head = `${paint[state](marks[state])} ${check.padEnd(15)} ${printable(text)}`
  return remedy === undefined ? head : `${head}\n  ${' '.repeat(15)} → ${printable(remedy)}`
}
