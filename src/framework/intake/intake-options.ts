import type { Payloads } from '../../journal/files/payloads.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { SchedulerEventMessage, TaskStatus } from '../../mesos/types.generated.ts'
import type { ReadWindow } from './read-window.ts'
import type { LimitReports } from './sender-limits.ts'

export interface IntakeOptions {
  readonly snapshot: () => SchedulerSnapshot
  readonly readWindow: Pick<ReadWindow, 'after' | 'readOn'>
  readonly dispatch: (event: SchedulerInboxEvent) => void
  /** Acknowledges an update that gets no entry. */
  readonly acknowledge: (status: AcknowledgeableStatus) => void
  /** Called with a message after all earlier events were applied. */
  readonly onMessage: (message: SchedulerEventMessage) => void
  readonly reports: Pick<LimitReports, 'add'>
  /** Stores results that are too large for an entry; absent without a journal. */
  readonly payloads?: Payloads | undefined
}

export type AcknowledgeableStatus = TaskStatus & Required<Pick<TaskStatus, 'uuid' | 'agentId'>>
