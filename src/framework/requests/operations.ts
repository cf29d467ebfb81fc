/** Operations on the resources of agents: reserve, create volumes, and their opposites. */
import { randomUUID } from 'node:crypto'
import { EMPTY, filter, from, fromEvent, map, of, switchMap, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { findMesosIdFault, findIdFault, findRoleFault, showId } from '../../domain/ids.ts'
import { conversionOf } from '../../domain/tasks/operations.ts'
import type { ResourceOperation } from '../../domain/tasks/operations.ts'
import { JarcastError } from '../../errors.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { Resource } from '../../mesos/types.generated.ts'
import { routeBy } from '../../streams/route-by.ts'
import type { FrameworkFact, OperationEnded } from '../facts/events.ts'
import { findEntryFault } from './entry-fault.ts'
import { firstResult } from '../../streams/first-result.ts'

export interface OperateOptions {
  /** The agent with the resources; the operation waits for an offer of it. */
  readonly agentId: string
  /** In the form of Mesos; `reservedResources` and `persistentVolume` make its resources. */
  readonly operation: ResourceOperation
  /** Default: the operation's type and a UUID. */
  readonly id?: string
  /** Cancels the operation while it waits for an offer. */
  readonly signal?: AbortSignal
}

export type Operate = (options: OperateOptions) => Promise<OperationEnded>

interface Inbox {
  dispatch(event: SchedulerInboxEvent): void
}

/** `ready` starts the framework if needed. `run$` errors at the end of the run. */
export function createOperate(
  run$: Observable<FrameworkFact>,
  ready: () => Promise<Inbox>,
): Operate {
  const open = new Set<string>()
  const ended$ = run$.pipe(filter((fact) => fact.type === 'operation.ended'))
  const endOf = routeBy(ended$, ({ operationId }) => operationId)

  return async ({ agentId, operation, id = `${operation.type}-${randomUUID()}`, signal }) => {
    checkOperation(id, agentId, operation)
    if (open.has(id)) throw invalidOperation(id, 'another operation with this id has not ended')
    signal?.throwIfAborted()
    open.add(id)
    const result$ = endOf(id).pipe(
      map(({ error, ...ended }) => {
        if (error === undefined) return ended
        throw error
      }),
    )
    const submit = ({ dispatch }: Inbox): Observable<unknown> => {
      dispatch({ type: 'operation.submit', request: { id, agentId, operation } })
      const cancel = (): void => dispatch({ type: 'operation.cancel', operationId: id })
      return abortOf(signal).pipe(tap(cancel))
    }
    return await firstResult(result$, () => from(ready()).pipe(switchMap(submit))).finally(() =>
      open.delete(id),
    )
  }
}

function abortOf(signal: AbortSignal | undefined): Observable<unknown> {
  if (signal === undefined) return EMPTY
  return signal.aborted ? of(undefined) : fromEvent(signal, 'abort')
}

function checkOperation(id: string, agentId: string, operation: ResourceOperation): void {
  const idFault = findIdFault(id)
  if (idFault !== undefined) throw invalidOperation(id, `its id ${idFault}`)
  const agentFault = findMesosIdFault(agentId)
  if (agentFault !== undefined) throw invalidOperation(id, `its agentId ${agentFault}`)
  const conversion = conversionOf(operation) as ReturnType<typeof conversionOf> | undefined
  if (conversion === undefined) {
    const what = `${operation.type} is not an operation on resources; tasks are launched by run`
    throw invalidOperation(id, what)
  }
  const fault = findEntryFault(operation)
  if (fault !== undefined) throw invalidOperation(id, `it ${fault}`)
  const { takes, leaves } = conversion
  // JavaScript callers may leave them out.
  const named: readonly (Resource | undefined)[] = takes
  if (named.length === 0 || named.includes(undefined))
    throw invalidOperation(id, 'it names no resources')
  const nameFault = findNameFault([...takes, ...leaves])
  if (nameFault !== undefined) throw invalidOperation(id, nameFault)
}

/** Mesos would refuse the first role or volume with a fault. */
function findNameFault(resources: readonly Resource[]): string | undefined {
  for (const { reservations = [], disk } of resources) {
    for (const { role } of reservations) {
      const fault = role === undefined ? undefined : findRoleFault(role)
      if (fault !== undefined) return `its role ${showId(role)} ${fault}`
    }
    const volume = disk?.persistence?.id
    const fault = volume === undefined ? undefined : findMesosIdFault(volume)
    if (fault !== undefined) return `the id of its volume ${fault}`
  }
  return undefined
}

function invalidOperation(id: string, why: string): JarcastError {
  return new JarcastError('OPERATION_INVALID', `operation ${showId(id)}: ${why}`, {
    details: { operationId: id },
  })
}
