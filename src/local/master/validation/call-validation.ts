/**
 * Checks of a decoded call, before its framework is looked up.
 * Source: apache/mesos src/master/validation.cpp (scheduler::call).
 */
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import { isUuidBytes } from '../../messages/uuid.ts'

/** The reason of a 400 "Failed to validate scheduler::Call"; undefined for a valid call. */
export function findCallError(
  call: SchedulerCall,
  principal: string | undefined,
): string | undefined {
  if (call.type === 'SUBSCRIBE') {
    const { id, principal: named } = call.subscribe.frameworkInfo
    if ((id?.value ?? '') !== (call.frameworkId?.value ?? '')) {
      return "'framework_id' differs from 'subscribe.framework_info.id'"
    }
    return principal === undefined || named === undefined || named === principal
      ? undefined
      : describePrincipals(principal, named)
  }
  if (call.frameworkId === undefined) return "Expecting 'framework_id' to be present"
  switch (call.type) {
    case 'ACKNOWLEDGE':
      return isUuidBytes(call.acknowledge.uuid) ? undefined : 'Not a valid UUID'
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      if (!isUuidBytes(call.acknowledgeOperationStatus.uuid)) return 'Not a valid UUID'
      return call.acknowledgeOperationStatus.agentId === undefined
        ? "Expecting 'agent_id' to be present"
        : undefined
    case 'UPDATE_FRAMEWORK':
      return call.updateFramework.frameworkInfo.id?.value === call.frameworkId.value
        ? undefined
        : "'framework_id' differs from 'update_framework.framework_info.id'"
    default:
      return undefined
  }
}

/** The error of a framework whose principal is not the authenticated one. */
export function describePrincipals(authenticated: string, named: string): string {
  return (
    `Authenticated principal '${authenticated}' does not match principal '${named}'` +
    ' set in `FrameworkInfo`'
  )
}
