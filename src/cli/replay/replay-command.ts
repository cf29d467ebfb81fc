import type { Command } from 'commander'
import type { AnyStateMachine } from 'xstate'
import { configInvalid } from '../../errors.ts'
import { openReplaySource, replayJournal } from '../../journal/replay/replay-journal.ts'
import type { JournalReplay } from '../../journal/replay/replay-journal.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'
import { toAmount, toCount } from '../flags/option-values.ts'
import { createLineWriter } from '../output/line-writer.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { onStopSignal } from '../process/stop-signals.ts'
import type { StopSignal } from '../process/stop-signals.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { followReplay } from '../../journal/replay/follow-replay.ts'
import { machineOf } from '../../framework/recorded/journal-machine.ts'
import { notesOn } from '../../framework/recorded/replay-notes.ts'
import { createAnswerFinder } from './answer-finder.ts'
import { loadMachine } from './load-machine.ts'
import { printSteps } from './print-steps.ts'
import type { ReplayFlags } from './print-steps.ts'
import { createJsonView, createTextView } from './replay-view.ts'
import type { ReplayView } from './replay-view.ts'

const help = `
Rebuilds a run from its journal. It needs no master and performs nothing. A journal in use can be replayed too.
Prints one row per machine that changed its state or requested an effect, then the last state and its hash.
Below a row is what its event says of a reason, message or exit status; failures are red.
An entry that makes the machine throw changes nothing: it is shown as rejected.

Examples:
  $ jarcast replay ./run-1
  $ jarcast replay ./run-1 --from 40 --to 60 --actor offers
  $ jarcast replay ./run-1 --from 52 --to 52 --why
  $ jarcast replay ./run-1 --speed 10
  $ jarcast replay ./run-1 --task pad --wall-clock
  $ jarcast replay ./run-1 --summary
  $ jarcast replay ./run-1 --follow
  $ jarcast replay ./own-run --machine machine.mjs
  $ jarcast replay journal.ndjson --verify

Exit status: 0; 1 for a damaged journal or, with --verify, a state other than the recorded one; 2 for wrong usage;
129, 130 or 143 after a signal.`

/** Adds `jarcast replay`. Calls `done` with the exit status. */
export function addReplayCommand(program: Command, done: (status: number) => void): void {
  program
    .command('replay')
    .summary('show a recorded run, transition by transition')
    .description('Replays a journal and prints every transition, its effects, and the last state.')
    .argument('<journal>', 'folder of --journal, or one file of it')
    .option('--from <seq>', 'first entry to print', toCount(0))
    .option('--to <seq>', 'last entry to replay (default: the last one)', toCount(0))
    .option('--actor <id>', 'print only this machine, such as "offers"')
    .option('--task <id>', 'print only entries about this task')
    .option('--wall-clock', 'print the time of each entry in UTC, not the time since the start')
    .option('--summary', 'print numbers and failures, and no entries')
    .option('--follow', 'print entries as they are written, until no process writes the journal')
    .option('--machine <file>', "module that exports the journal's machine, if it is not jarcast's")
    .option(
      '--speed <factor>',
      'print in recorded time: 1 as recorded, 10 ten times as fast (default: at once)',
      toAmount,
    )
    .option('--why', 'tell why: each transition considered, guards with what they read, changes')
    .option('--json', 'print one JSON object per entry and nothing else')
    .option('--verify', 'end with 1 at the first state other than the recorded one')
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (path: string, flags: ReplayFlags) => {
      const work = () => replayAt(path, flags)
      // Only the module of a machine may be copied: a full disk must not keep the rest from working.
      done(await (flags.machine === undefined ? work() : withTemporaryFolder(work)))
    })
}

async function replayAt(path: string, flags: ReplayFlags): Promise<number> {
  if (flags.follow === true && (flags.speed !== undefined || flags.why === true)) {
    const other = flags.why === true ? '--why' : '--speed'
    throw configInvalid('follow', `--follow cannot be used with ${other}: replay the entries later`)
  }
  if (flags.speed === undefined && flags.follow !== true) return await printReplay(path, flags)
  const stopping = new AbortController()
  let stoppedBy: StopSignal | undefined
  const ignoreSignals = onStopSignal((signal) => {
    stoppedBy = signal
    stopping.abort()
  })
  try {
    const status = await printReplay(path, flags, stopping.signal)
    return stoppedBy === undefined ? status : exitStatusOfSignal(stoppedBy)
  } finally {
    ignoreSignals()
  }
}

async function printReplay(
  path: string,
  flags: ReplayFlags,
  signal?: AbortSignal,
): Promise<number> {
  const { follow = false, machine: file } = flags
  const known = file === undefined ? machineOf(path) : await loadMachine(file, path)
  const journal = replayJournal(path, known)
  assertWithin(flags, journal)
  const steps = follow ? { replay: followReplay(path, known, { signal }) } : journal
  const writer = createLineWriter(process.stdout)
  const view = viewOf(flags, journal, known)
  try {
    for (const line of [...view.head(), ...notesOn(journal, known).map(view.note)]) {
      await writer.write(line)
    }
    const why = flags.why === true ? await whyOf(path, known, flags.from) : undefined
    const end = await printSteps({ path, journal: steps, flags, view, writer, signal, ...why })
    if (end !== undefined) {
      assertShown(flags.actor, end.actorIds)
      await writer.write(view.end(end))
    }
  } finally {
    await writer.flush()
  }
  return exitStatuses.ok
}

/** All that is known of each step, from a replay of its own: it takes several times as long. */
async function whyOf(path: string, known: KnownMachine, from: number | undefined) {
  // Loaded here: other replays do without the inspector.
  const { replaySteps } = await import('../../inspector/replay-app/replay-steps.ts')
  const { machine, answers } = known
  const { header, input, records, from: start } = openReplaySource(path, known)
  const run = { machine, input, startedAt: header.createdAt, from: start }
  return {
    whys: replaySteps(run, records, from),
    answers: answers && createAnswerFinder(answers, openReplaySource(path, known).records),
  }
}

/** Refuses bounds without any entry: empty output would look like an answer. */
function assertWithin(
  { from = 0, to, follow = false }: ReplayFlags,
  { startSeq, lastSeq }: JournalReplay<AnyStateMachine>,
): void {
  if (to !== undefined && from > to) throw configInvalid('from', '--from must not be above --to')
  if (follow) return
  if (to !== undefined && to > lastSeq)
    throw configInvalid('to', `--to ${to}: the journal ends with entry ${lastSeq}`)
  if (from > lastSeq)
    throw configInvalid('from', `--from ${from}: the journal ends with entry ${lastSeq}`)
  if (to !== undefined && to < startSeq) {
    const message = `--to ${to}: the journal was compacted and begins after entry ${startSeq}`
    throw configInvalid('to', message)
  }
}

function assertShown(actor: string | undefined, actorIds: ReadonlySet<string>): void {
  if (actor === undefined || actorIds.has(actor)) return
  const others = [...actorIds].toSorted().join(', ')
  const known = others === '' ? 'no machine did' : `there are ${others}`
  const message = `--actor ${actor}: no machine of that name did anything in these entries; ${known}`
  throw configInvalid('actor', message)
}

function viewOf(
  flags: ReplayFlags,
  journal: JournalReplay<AnyStateMachine>,
  { machine }: KnownMachine,
): ReplayView {
  const options = { header: journal.header, machine, actorId: flags.actor }
  if (flags.json === true) return createJsonView(options)
  const { colours, columns } = openTerminal(process.stdout)
  const times = flags.wallClock === true ? 'wall clock' : 'relative'
  return createTextView({ ...options, colours, columns, times, isSummary: flags.summary === true })
}
