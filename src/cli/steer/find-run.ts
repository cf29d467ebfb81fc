/** Finds the run that the options name. */
import { join } from 'node:path'
import { JarcastError, configInvalid } from '../../errors.ts'
import { controlName } from '../../framework/control/control-socket.ts'
import { connectControl } from './control-client.ts'
import type { KnownRun } from './known-run.ts'
import { toAccess } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'

/**
 * The run's own process if it answers, else its journal; or the framework as the master knows it.
 * Rejects with CONFIG_INVALID without a run, CONTROL_FAILED, the errors of a journal, and of a
 * master.
 */
async function findRun(flags: SteerFlags): Promise<KnownRun> {
  const { journal, control, framework, master } = flags
  if (journal !== undefined && control !== undefined)
    throw configInvalid('control', 'give --journal or --control, not both')
  if (framework !== undefined && (journal ?? control) !== undefined)
    throw configInvalid('framework', '--framework is for --master: a journal has one run')
  if (control !== undefined) return await runAt(control)
  if (journal !== undefined) {
    const find = () => runOfJournal(journal, flags)
    return lasting(await find(), find)
  }
  if (master !== undefined) {
    const { openMasterRun } = await import('./master-run.ts')
    return await openMasterRun(master, toAccess(flags), framework)
  }
  throw configInvalid(
    'journal',
    'which run? Give --journal DIR, --control PATH, or --master URL with --framework NAME',
  )
}

/** Finds the run again when its process ends: another may continue it. */
function lasting(found: FoundRun, findAgain: () => Promise<FoundRun>): KnownRun {
  let current = found
  let lookedAt = performance.now()
  let looking: Promise<void> | undefined

  async function lookOnce(): Promise<void> {
    const before = current
    current = await findAgain()
    before.run.close()
    lookedAt = performance.now()
  }

  /** Several questions may fail at a time: one look serves all. */
  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => (looking = undefined))
    return looking
  }

  async function ask<Answer>(question: (run: KnownRun) => Promise<Answer>): Promise<Answer> {
    if (!current.isLive && performance.now() - lookedAt > againMs) await look()
    const asked = current
    try {
      return await question(asked.run)
    } catch (error) {
      if (!(error instanceof JarcastError) || error.code !== 'CONTROL_FAILED') throw error
      if (current === asked) await look()
      return await question(current.run)
    }
  }

  return {
    ...found.run,
    task: (taskId) => ask((run) => run.task(taskId)),
    access: () => ask((run) => run.access()),
    close: () => current.run.close(),
  }
}

interface FoundRun {
  readonly run: KnownRun
  /** True if its process answers. */
  readonly isLive: boolean
}

/** Between two looks for a run without a process. */
const againMs = 5000

async function runOfJournal(folder: string, flags: SteerFlags): Promise<FoundRun> {
  const live = await connectControl(join(folder, controlName))
  if (live !== undefined) return { run: live, isLive: true }
  const { openJournalRun } = await import('./journal-run.ts')
  const run = await openJournalRun(folder, toAccess(flags), flags.master)
  return { run, isLive: false }
}

async function runAt(path: string): Promise<KnownRun> {
  const found = await connectControl(path)
  if (found !== undefined) return found
  const message = `no run answers at ${path}: check the path; a run ends its control address with it`
  throw new JarcastError('CONTROL_FAILED', message, { details: { path } })
}

/** Runs `work` with the run that the options name, and closes it. */
export async function withRun<T>(
  flags: SteerFlags,
  work: (run: KnownRun) => Promise<T>,
): Promise<T> {
  const run = await findRun(flags)
  try {
    return await work(run)
  } finally {
    run.close()
  }
}
