/** Every event of a framework as one type of value, so that one function can show them all. */
import type { FrameworkEvents, FrameworkFact, TaskFact } from '../../../framework/facts/events.ts'
import type { Framework } from '../../../framework/framework.ts'

/** The fields of an event; only facts about tasks have their own time among them. */
export type EventPayload<Name extends keyof FrameworkEvents> = Omit<
  FrameworkEvents[Name][0],
  Name extends TaskFact['type'] ? 'type' : 'type' | 'at'
>

export type ReportedEvent = {
  [Name in keyof FrameworkEvents]: {
    readonly event: Name
    /** When this process received it, ms since the epoch. */
    readonly at: number
    readonly payload: EventPayload<Name>
  }
}[keyof FrameworkEvents]

export const eventNames = Object.keys({
  'package.resolving': 0,
  'package.fetching': 0,
  'package.warning': 0,
  'library.staging': 0,
  'library.packed': 0,
  'classPath.conflicts': 0,
  'framework.registered': 0,
  'framework.disconnected': 0,
  'framework.updated': 0,
  'framework.updateFailed': 0,
  'framework.draining': 0,
  'framework.stopped': 0,
  'framework.failed': 0,
  'jarServer.started': 0,
  'jarServer.stopped': 0,
  'libraries.changed': 0,
  'libraries.rejected': 0,
  'libraries.released': 0,
  'runtime.needed': 0,
  'runtime.served': 0,
  'runtime.unavailable': 0,
  'offers.received': 0,
  'offers.rescinded': 0,
  'offers.missing': 0,
  'inverseOffer.received': 0,
  'inverseOffer.rescinded': 0,
  'task.launched': 0,
  'task.updated': 0,
  'task.retried': 0,
  'task.waiting': 0,
  'task.ended': 0,
  'task.unknown': 0,
  'operation.updated': 0,
  'operation.retried': 0,
  'operation.ended': 0,
  'agent.failed': 0,
  'tasks.unreachable': 0,
  'executor.message': 0,
  'executor.failed': 0,
  'library.fetching': 0,
  'library.fetched': 0,
  'library.corrupted': 0,
  'event.rejected': 0,
  'call.failed': 0,
  'mesos.refused': 0,
  'sender.limited': 0,
} satisfies Record<keyof FrameworkEvents, 0>) as (keyof FrameworkEvents)[]

/** A fact of a journal. */
export function toReportedEvent(fact: FrameworkFact): ReportedEvent {
  return { event: fact.type, at: fact.at, payload: fact } as ReportedEvent
}

/** Calls `listener` with every event from now on. Returns a function that stops it. */
export function watchFramework(
  framework: Pick<Framework, 'on' | 'off'>,
  listener: (event: ReportedEvent) => void,
): () => void {
  const handlers = eventNames.map((event) => {
    const handler = (payload?: unknown): void =>
      listener({ event, at: Date.now(), payload } as ReportedEvent)
    framework.on(event, handler)
    return () => void framework.off(event, handler)
  })
  return () => handlers.forEach((unwatch) => unwatch())
}
