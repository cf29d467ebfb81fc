/** The start of a run: its journal, its key, and its staged libraries. */
import type { SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import type { SchedulerInput } from '../machines/scheduler/input.ts'
import type { Journal } from '../journal/journal.ts'
import type { Payloads } from '../journal/files/payloads.ts'
import type { RunKey } from '../server/permissions/access.ts'
import { prepareShipment } from './delivery/shipment.ts'
import type { Shipment } from './delivery/shipment.ts'
import type { ReportProgress } from './facts/events.ts'
import { schedulerInputOf } from './options/framework-info.ts'
import type { FrameworkSettings } from './options/settings.ts'
import { openRunJournal } from './run-journal.ts'
import { openRunKey } from './run-key.ts'

export interface OpenRun {
  /** Of the run in the journal, or of the settings for a new run. */
  readonly input: SchedulerInput
  /** Undefined without a journal, as `payloads`. */
  readonly journal: Journal<SchedulerInboxEvent> | undefined
  readonly payloads: Payloads | undefined
  readonly key: RunKey
  /** Undefined without libraries. */
  readonly shipment: Shipment | undefined
  /** Closes the journal and removes staged copies. */
  close(): Promise<void>
}

/**
 * Opens the journal and the key, then stages the libraries. Errors: those of `openRunJournal`,
 * `openRunKey` and `prepareShipment`, after which nothing is left open.
 */
export async function openRun(
  settings: FrameworkSettings,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<OpenRun> {
  const fresh = schedulerInputOf(settings)
  const kept =
    settings.journal === undefined ? undefined : await openRunJournal(settings.journal, fresh)
  try {
    const key = openRunKey(settings.journal)
    const shipment = await prepareShipment(settings, report, signal)
    return {
      input: kept?.input ?? fresh,
      journal: kept?.journal,
      payloads: kept?.payloads,
      key,
      shipment,
      async close() {
        await kept?.journal.close?.()
        await shipment?.remove()
      },
    }
  } catch (error) {
    await kept?.journal.close?.()
    throw error
  }
}
