/** Changes of the framework's description at the master. */
import { filter, map } from 'rxjs'
import type { Observable } from 'rxjs'
import { defined } from '../../defined.ts'
import { findRoleFault, showId } from '../../domain/ids.ts'
import { configInvalid } from '../../errors.ts'
import type { FrameworkDescription } from '../../machines/scheduler/connection/framework-update.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { FrameworkInfo, SchedulerOfferConstraints } from '../../mesos/types.generated.ts'
import type { FrameworkFact } from '../facts/events.ts'
import { failoverTimeoutOf } from '../options/settings.ts'
import { findEntryFault } from './entry-fault.ts'
import { firstResult } from '../../streams/first-result.ts'

/** Settings to change while a framework runs; settings that are absent stay as they are. */
export interface FrameworkChanges extends Partial<
  Pick<FrameworkInfo, 'name' | 'roles' | 'hostname' | 'webuiUrl' | 'labels' | 'capabilities'>
> {
  readonly failoverTimeoutMs?: number
  /** Agents to be offered, per role. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

export type UpdateFramework = (changes: FrameworkChanges) => Promise<void>

/**
 * Makes changes one after another. `ready` starts the framework if needed. `run$` errors at the
 * end of the run.
 */
export function createUpdateFramework(
  run$: Observable<FrameworkFact>,
  ready: () => Promise<{
    dispatch(event: SchedulerInboxEvent): void
    readonly description: FrameworkDescription
  }>,
): UpdateFramework {
  let last: Promise<unknown> = Promise.resolve()
  const result$ = run$.pipe(
    filter(({ type }) => type === 'framework.updated' || type === 'framework.updateFailed'),
    map((fact) => {
      if (fact.type === 'framework.updateFailed') throw fact.error
    }),
  )

  async function updateNow(changes: FrameworkChanges): Promise<void> {
    const { dispatch, description: before } = await ready()
    const description = changed(before, changes)
    checkDescription(description)
    await firstResult(result$, async () => dispatch({ type: 'framework.update', description }))
  }

  return (changes) => {
    const done = last.then(() => updateNow(changes))
    last = done.catch(() => undefined)
    return done
  }
}

function changed(
  { framework, offerConstraints: before }: FrameworkDescription,
  { failoverTimeoutMs, offerConstraints = before, ...changes }: FrameworkChanges,
): FrameworkDescription {
  const failoverTimeout = failoverTimeoutMs === undefined ? undefined : failoverTimeoutMs / 1000
  return {
    framework: { ...framework, ...changes, ...defined({ failoverTimeout }) },
    ...defined({ offerConstraints }),
  }
}

function checkDescription(description: FrameworkDescription): void {
  const { roles = [], failoverTimeout = 0 } = description.framework
  failoverTimeoutOf(failoverTimeout * 1000)
  for (const role of roles) {
    const fault = findRoleFault(role)
    if (fault !== undefined) throw configInvalid('roles', `roles (${showId(role)}) ${fault}`)
  }
  const fault = findEntryFault(description)
  if (fault !== undefined) throw configInvalid('update', `the update ${fault}`)
}
