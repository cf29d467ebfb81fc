/** The journal of a framework's run in a folder, and the input of its scheduler machine. */
import { JarcastError } from '../errors.ts'
import { writeFailure } from '../journal/files/file-errors.ts'
import { openFileJournal } from '../journal/writer/file-journal.ts'
import type { Journal } from '../journal/journal.ts'
import { openPayloads, tidyPayloads } from '../journal/files/payloads.ts'
import type { Payloads } from '../journal/files/payloads.ts'
import { upcastAll } from '../journal/replay/upcast.ts'
import { schedulerHistory } from '../machines/known-machines.ts'
import type { SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import { schedulerMachine } from '../machines/scheduler/scheduler.ts'
import type { SchedulerInput } from '../machines/scheduler/input.ts'
import { runHeader } from './recorded/run-header.ts'

export interface RunJournal {
  readonly journal: Journal<SchedulerInboxEvent>
  readonly payloads: Payloads
  /** The input of the run in the journal; another would give another run. */
  readonly input: SchedulerInput
}

/**
 * Opens the journal in a folder, or begins one there with this input. Errors: `CONFIG_INVALID` for
 * the journal of another machine or framework; those of `openFileJournal`.
 */
export async function openRunJournal(folder: string, input: SchedulerInput): Promise<RunJournal> {
  const file = await openFileJournal<SchedulerInboxEvent>(folder, {
    header: runHeader(input),
  })
  const { machine, version, createdAt } = file.header
  const recorded = file.header.input as SchedulerInput
  if (machine !== schedulerMachine.id || Number(version) > Number(schedulerHistory.version)) {
    await file.close()
    throw mismatch(folder, `is of machine ${machine}, version ${version}`)
  }
  if (recorded.hasLibraries !== input.hasLibraries) {
    await file.close()
    throw mismatch(folder, `is of a run ${recorded.hasLibraries ? 'with' : 'without'} libraries`)
  }
  const { principal } = recorded.framework
  // The recorded input counts, and Mesos lets no framework change its principal.
  if (principal !== input.framework.principal) {
    await file.close()
    throw mismatch(
      folder,
      `is of ${principal === undefined ? 'no principal' : `principal ${principal}`}`,
    )
  }
  await tidyPayloads(folder).catch(async (error: unknown) => {
    await file.close()
    throw writeFailure(folder, error)
  })
  const journal: Journal<SchedulerInboxEvent> = {
    startedAt: createdAt,
    get lastSeq() {
      return file.lastSeq
    },
    append: (records) => file.append(records),
    faultOf: (entry) => file.faultOf(entry),
    read: (fromSeq) => upcastAll(file.read(fromSeq), version, schedulerHistory.upcasters),
    readSnapshot: (fingerprint) => file.readSnapshot(fingerprint),
    writeSnapshot: (snapshot) => file.writeSnapshot(snapshot),
    close: () => file.close(),
  }
  return { journal, payloads: openPayloads(folder), input: recorded }
}

function mismatch(folder: string, what: string): JarcastError {
  return new JarcastError(
    'CONFIG_INVALID',
    `the journal in ${folder} ${what}; name another folder, or start with the earlier settings`,
    { details: { setting: 'journal', folder } },
  )
}
