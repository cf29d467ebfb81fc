/**
 * What the master checks in a decoded call before it looks for the framework.
 * Source: apache/mesos src/master/validation.cpp (scheduler::call).
 */
import type { SchedulerCall } from '../mesos/types.generated.ts'
import { isUuidBytes } from './ids.ts'

/** Why Mesos answers 400 "Failed to validate scheduler::Call"; undefined when the call is good. */
export function findCallError(call: SchedulerCall): string | undefined {
  if (call.type === 'SUBSCRIBE') {
    return (call.subscribe.frameworkInfo.id?.value ?? '') === (call.frameworkId?.value ?? '')
      ? undefined
      : "'framework_id' differs from 'subscribe.framework_info.id'"
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
