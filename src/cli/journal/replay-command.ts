import type { Command } from 'commander'
import type { AnyStateMachine } from 'xstate'
import { JarcastError } from '../../errors.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import type { JournalReplay } from '../../journal/replay/replay-journal.ts'
import { fingerprintOf } from '../../journal/core/state-hash.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { createLineWriter } from '../output/line-writer.ts'
import type { LineWriter } from '../output/line-writer.ts'
import { toCount } from '../flags/option-values.ts'
import { createJsonView, createTextView } from './replay-view.ts'
import type { ReplayView } from './replay-view.ts'
import { openTerminal } from '../output/terminal.ts'
import { assertRecorded, machineOf } from './verify-journal.ts'

interface ReplayFlags {
  readonly from?: number
  readonly to?: number
  readonly actor?: string
  readonly json?: boolean
  readonly verify?: boolean
}

const help = `
Rebuilds a run from its journal, with no master: what was done then is only shown now. A journal that is still
being written may be replayed too. Without --to the state at the end is shown, with its hash.

Examples:
  $ jarcast replay ./run-1
  $ jarcast replay ./run-1 --from 40 --to 60 --actor subscription
  $ jarcast replay journal.ndjson --verify

An entry that makes the machine throw changes nothing: it is shown as rejected, and the replay goes on.

Exit status: 0, or 1 for a journal that is broken or, with --verify, a state that is not the recorded one; 2 for
wrong usage.`

/** Adds `jarcast replay`. `done` is told the exit status. */
export function addReplayCommand(program: Command, done: (status: number) => void): void {
  program
    .command('replay')
    .summary('step through the journal of a run')
    .description(
      'Replays a journal and prints every transition, what was asked for, and the state.',
    )
    .argument('<journal>', 'folder of --journal, or one file of it')
    .option('--from <seq>', 'print from this entry on', toCount(0))
    .option('--to <seq>', 'stop after this entry', toCount(0))
    .option('--actor <id>', 'print only what this machine did, such as "subscription"')
    .option('--json', 'print one JSON object per entry and nothing else')
    .option('--verify', 'end with 1 at the first state that is not the recorded one')
    .option('--verbose', 'show where in the program an error came from')
    .addHelpText('after', help)
    .action(async (path: string, flags: ReplayFlags) => {
      done(await replayAt(path, flags))
    })
}

async function replayAt(path: string, flags: ReplayFlags): Promise<number> {
  const known = machineOf(path)
  const journal = replayJournal(path, known)
  assertWithin(flags, journal)
  const writer = createLineWriter(process.stdout)
  const view = viewOf(flags, journal, known)
  try {
    for (const line of [...view.head(), ...notesOn(journal, known).map(view.note)]) {
      await writer.write(line)
    }
    const end = await replaySteps(path, journal, flags, { view, writer })
    if (end !== undefined) {
      assertShown(flags.actor, end.actorIds)
      await writer.write(view.end(end))
    }
  } finally {
    await writer.flush()
  }
  return exitStatuses.ok
}

/** How far the replay came; undefined when nobody reads on. */
async function replaySteps(
  path: string,
  { replay }: JournalReplay<AnyStateMachine>,
  { from = 0, to = Infinity, verify = false }: ReplayFlags,
  { view, writer }: { readonly view: ReplayView; readonly writer: LineWriter },
) {
  const sums = {
    seq: 0,
    now: 0,
    checks: 0,
    differing: 0,
    rejected: 0,
    firstDiffering: undefined as number | undefined,
  }
  const actorIds = new Set<string>()
  for (const step of replay) {
    if (step.seq > to) break
    if (step.seq >= from)
      for (const { actorId } of [...step.changes, ...step.effects]) actorIds.add(actorId)
    sums.seq = step.seq
    sums.now = step.now
    sums.checks += step.checks
    sums.differing += step.mismatches.length
    sums.rejected += step.rejections.length
    if (step.mismatches.length > 0) sums.firstDiffering ??= step.seq
    for (const line of step.seq < from ? [] : view.step(step)) await writer.write(line)
    if (verify) assertRecorded(path, step)
    else if (!writer.isOpen) return undefined
    if (step.seq === to) break
  }
  const { snapshot } = replay
  return { ...sums, snapshot: snapshot as unknown, hash: replay.hash(), actorIds }
}

/** Refuses bounds that match nothing of this journal: empty output would look like an answer. */
function assertWithin(
  { from = 0, to = Infinity }: ReplayFlags,
  { startSeq, lastSeq }: JournalReplay<AnyStateMachine>,
): void {
  if (from > to) throw invalid('--from must not be above --to')
  if (from > lastSeq) throw invalid(`--from ${from}: the journal ends with entry ${lastSeq}`)
  if (to < startSeq)
    throw invalid(`--to ${to}: what is left of the journal begins after entry ${startSeq}`)
}

function assertShown(actor: string | undefined, actorIds: ReadonlySet<string>): void {
  if (actor === undefined || actorIds.has(actor)) return
  const there =
    actorIds.size === 0 ? 'none did' : `there are ${[...actorIds].toSorted().join(', ')}`
  throw invalid(`--actor ${actor}: no machine of that name did anything in these entries; ${there}`)
}

function invalid(message: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', message)
}

function notesOn(
  { header, torn, startSeq }: JournalReplay<AnyStateMachine>,
  { machine, version }: KnownMachine,
): readonly string[] {
  const isSame = header.version === version && header.fingerprint === fingerprintOf(machine)
  const theirs = `version ${header.version} (${header.fingerprint}) of ${header.package}`
  return [
    ...(isSame
      ? []
      : [
          `the journal is of ${theirs}, the machine of this program is version ${version} ` +
            `(${fingerprintOf(machine)}): it may do something else with the same entries`,
        ]),
    ...(startSeq === 0
      ? []
      : [`the journal was compacted: the replay starts with the snapshot after entry ${startSeq}`]),
    ...(torn === undefined
      ? []
      : [
          `${torn.file} ends in ${torn.cutBytes} bytes of a write that was never finished: left out`,
        ]),
  ]
}

function viewOf(
  flags: ReplayFlags,
  journal: JournalReplay<AnyStateMachine>,
  { machine }: KnownMachine,
): ReplayView {
  const options = { header: journal.header, rootId: machine.id, actorId: flags.actor }
  if (flags.json === true) return createJsonView(options)
  return createTextView({ ...options, colours: openTerminal(process.stdout).colours })
}
