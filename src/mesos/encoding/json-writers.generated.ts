// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

import type { JsonSink } from './print/json-sink.ts'
import { asList, asMessage } from './print/sink.ts'
import { unusual } from './scan/unusual.ts'
import { enumOf } from './schema.ts'

const key_framework_id = Buffer.from('"framework_id":')

const key_type = Buffer.from('"type":')

const key_accept = Buffer.from('"accept":')

const key_decline = Buffer.from('"decline":')

const key_acknowledge = Buffer.from('"acknowledge":')

const key_offer_ids = Buffer.from('"offer_ids":')

const key_operations = Buffer.from('"operations":')

const key_filters = Buffer.from('"filters":')

const key_agent_id = Buffer.from('"agent_id":')

const key_task_id = Buffer.from('"task_id":')

const key_uuid = Buffer.from('"uuid":')

const key_value = Buffer.from('"value":')

const key_parent = Buffer.from('"parent":')

const key_key = Buffer.from('"key":')

const key_labels = Buffer.from('"labels":')

const key_name = Buffer.from('"name":')

const key_scalar = Buffer.from('"scalar":')

const key_ranges = Buffer.from('"ranges":')

const key_set = Buffer.from('"set":')

const key_role = Buffer.from('"role":')

const key_reservation = Buffer.from('"reservation":')

const key_allocation_info = Buffer.from('"allocation_info":')

const key_reservations = Buffer.from('"reservations":')

const key_principal = Buffer.from('"principal":')

const key_begin = Buffer.from('"begin":')

const key_end = Buffer.from('"end":')

const key_range = Buffer.from('"range":')

const key_item = Buffer.from('"item":')

const key_uris = Buffer.from('"uris":')

const key_environment = Buffer.from('"environment":')

const key_user = Buffer.from('"user":')

const key_shell = Buffer.from('"shell":')

const key_arguments = Buffer.from('"arguments":')

const key_executable = Buffer.from('"executable":')

const key_extract = Buffer.from('"extract":')

const key_cache = Buffer.from('"cache":')

const key_output_file = Buffer.from('"output_file":')

const key_nanoseconds = Buffer.from('"nanoseconds":')

const key_variables = Buffer.from('"variables":')

const key_executor_id = Buffer.from('"executor_id":')

const key_data = Buffer.from('"data":')

const key_resources = Buffer.from('"resources":')

const key_command = Buffer.from('"command":')

const key_source = Buffer.from('"source":')

const key_shutdown_grace_period = Buffer.from('"shutdown_grace_period":')

const key_refuse_seconds = Buffer.from('"refuse_seconds":')

const key_grace_period = Buffer.from('"grace_period":')

const key_launch = Buffer.from('"launch":')

const key_launch_group = Buffer.from('"launch_group":')

const key_task_infos = Buffer.from('"task_infos":')

const key_executor = Buffer.from('"executor":')

const key_task_group = Buffer.from('"task_group":')

const key_tasks = Buffer.from('"tasks":')

const key_kill_policy = Buffer.from('"kill_policy":')

const key_max_completion_time = Buffer.from('"max_completion_time":')

/** Writes one message; throws `unusual` if this is left to writing by plan. */
export type Write = (sink: JsonSink, value: unknown) => void

const schedulerCallType = enumOf('mesos.v1.scheduler.Call.Type').byName

const valueType = enumOf('mesos.v1.Value.Type').byName

const resourceReservationInfoType = enumOf('mesos.v1.Resource.ReservationInfo.Type').byName

const environmentVariableType = enumOf('mesos.v1.Environment.Variable.Type').byName

const executorInfoType = enumOf('mesos.v1.ExecutorInfo.Type').byName

const offerOperationType = enumOf('mesos.v1.Offer.Operation.Type').byName

function writeSchedulerCall(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['subscribe'] !== undefined || message['kill'] !== undefined || message['shutdown'] !== undefined || message['reconcile'] !== undefined || message['message'] !== undefined || message['request'] !== undefined || message['acceptInverseOffers'] !== undefined || message['declineInverseOffers'] !== undefined || message['revive'] !== undefined || message['suppress'] !== undefined || message['acknowledgeOperationStatus'] !== undefined || message['reconcileOperations'] !== undefined || message['updateFramework'] !== undefined) throw unusual
  sink.openObject()
  const frameworkId = message['frameworkId']
  if (frameworkId !== undefined) {
    sink.key(key_framework_id)
    writeFrameworkID(sink, frameworkId)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(schedulerCallType, type)
  }
  const accept = message['accept']
  if (accept !== undefined) {
    sink.key(key_accept)
    writeSchedulerCallAccept(sink, accept)
  }
  const decline = message['decline']
  if (decline !== undefined) {
    sink.key(key_decline)
    writeSchedulerCallDecline(sink, decline)
  }
  const acknowledge = message['acknowledge']
  if (acknowledge !== undefined) {
    sink.key(key_acknowledge)
    writeSchedulerCallAcknowledge(sink, acknowledge)
  }
  sink.closeObject()
}

function writeSchedulerCallAccept(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const offerIds = message['offerIds']
  if (offerIds !== undefined) {
    const list = asList(offerIds)
    if (list.length > 0) {
      sink.key(key_offer_ids)
      sink.openList()
      for (const item of list) writeOfferID(sink, item)
      sink.closeList()
    }
  }
  const operations = message['operations']
  if (operations !== undefined) {
    const list = asList(operations)
    if (list.length > 0) {
      sink.key(key_operations)
      sink.openList()
      for (const item of list) writeOfferOperation(sink, item)
      sink.closeList()
    }
  }
  const filters = message['filters']
  if (filters !== undefined) {
    sink.key(key_filters)
    writeFilters(sink, filters)
  }
  sink.closeObject()
}

function writeSchedulerCallAcknowledge(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const agentId = message['agentId']
  if (agentId !== undefined) {
    sink.key(key_agent_id)
    writeAgentID(sink, agentId)
  } else throw unusual
  const taskId = message['taskId']
  if (taskId !== undefined) {
    sink.key(key_task_id)
    writeTaskID(sink, taskId)
  } else throw unusual
  const uuid = message['uuid']
  if (uuid !== undefined) {
    sink.key(key_uuid)
    sink.base64(uuid)
  } else throw unusual
  sink.closeObject()
}

function writeSchedulerCallDecline(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const offerIds = message['offerIds']
  if (offerIds !== undefined) {
    const list = asList(offerIds)
    if (list.length > 0) {
      sink.key(key_offer_ids)
      sink.openList()
      for (const item of list) writeOfferID(sink, item)
      sink.closeList()
    }
  }
  const filters = message['filters']
  if (filters !== undefined) {
    sink.key(key_filters)
    writeFilters(sink, filters)
  }
  sink.closeObject()
}

function writeAgentID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeContainerID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['parent'] !== undefined) throw unusual
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeExecutorID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeFrameworkID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeOfferID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeTaskID(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeLabel(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const key = message['key']
  if (key !== undefined) {
    sink.key(key_key)
    sink.text(key)
  } else throw unusual
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  }
  sink.closeObject()
}

function writeLabels(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const labels = message['labels']
  if (labels !== undefined) {
    const list = asList(labels)
    if (list.length > 0) {
      sink.key(key_labels)
      sink.openList()
      for (const item of list) writeLabel(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeResource(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['disk'] !== undefined || message['revocable'] !== undefined || message['shared'] !== undefined || message['providerId'] !== undefined) throw unusual
  sink.openObject()
  const name = message['name']
  if (name !== undefined) {
    sink.key(key_name)
    sink.text(name)
  } else throw unusual
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(valueType, type)
  } else throw unusual
  const scalar = message['scalar']
  if (scalar !== undefined) {
    sink.key(key_scalar)
    writeValueScalar(sink, scalar)
  }
  const ranges = message['ranges']
  if (ranges !== undefined) {
    sink.key(key_ranges)
    writeValueRanges(sink, ranges)
  }
  const set = message['set']
  if (set !== undefined) {
    sink.key(key_set)
    writeValueSet(sink, set)
  }
  const role = message['role']
  if (role !== undefined) {
    sink.key(key_role)
    sink.text(role)
  }
  const reservation = message['reservation']
  if (reservation !== undefined) {
    sink.key(key_reservation)
    writeResourceReservationInfo(sink, reservation)
  }
  const allocationInfo = message['allocationInfo']
  if (allocationInfo !== undefined) {
    sink.key(key_allocation_info)
    writeResourceAllocationInfo(sink, allocationInfo)
  }
  const reservations = message['reservations']
  if (reservations !== undefined) {
    const list = asList(reservations)
    if (list.length > 0) {
      sink.key(key_reservations)
      sink.openList()
      for (const item of list) writeResourceReservationInfo(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeResourceAllocationInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const role = message['role']
  if (role !== undefined) {
    sink.key(key_role)
    sink.text(role)
  }
  sink.closeObject()
}

function writeResourceReservationInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const principal = message['principal']
  if (principal !== undefined) {
    sink.key(key_principal)
    sink.text(principal)
  }
  const labels = message['labels']
  if (labels !== undefined) {
    sink.key(key_labels)
    writeLabels(sink, labels)
  }
  const role = message['role']
  if (role !== undefined) {
    sink.key(key_role)
    sink.text(role)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(resourceReservationInfoType, type)
  }
  sink.closeObject()
}

function writeValueRange(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const begin = message['begin']
  if (begin !== undefined) {
    sink.key(key_begin)
    sink.integer(begin, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  const end = message['end']
  if (end !== undefined) {
    sink.key(key_end)
    sink.integer(end, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  sink.closeObject()
}

function writeValueRanges(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const range = message['range']
  if (range !== undefined) {
    const list = asList(range)
    if (list.length > 0) {
      sink.key(key_range)
      sink.openList()
      for (const item of list) writeValueRange(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeValueScalar(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.double(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeValueSet(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const itemField = message['item']
  if (itemField !== undefined) {
    const list = asList(itemField)
    if (list.length > 0) {
      sink.key(key_item)
      sink.openList()
      for (const item of list) sink.text(item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeValueText(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  sink.closeObject()
}

function writeCommandInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const uris = message['uris']
  if (uris !== undefined) {
    const list = asList(uris)
    if (list.length > 0) {
      sink.key(key_uris)
      sink.openList()
      for (const item of list) writeCommandInfoURI(sink, item)
      sink.closeList()
    }
  }
  const environment = message['environment']
  if (environment !== undefined) {
    sink.key(key_environment)
    writeEnvironment(sink, environment)
  }
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  }
  const user = message['user']
  if (user !== undefined) {
    sink.key(key_user)
    sink.text(user)
  }
  const shell = message['shell']
  if (shell !== undefined) {
    sink.key(key_shell)
    sink.bool(shell)
  }
  const argumentsField = message['arguments']
  if (argumentsField !== undefined) {
    const list = asList(argumentsField)
    if (list.length > 0) {
      sink.key(key_arguments)
      sink.openList()
      for (const item of list) sink.text(item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeCommandInfoURI(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  } else throw unusual
  const executable = message['executable']
  if (executable !== undefined) {
    sink.key(key_executable)
    sink.bool(executable)
  }
  const extract = message['extract']
  if (extract !== undefined) {
    sink.key(key_extract)
    sink.bool(extract)
  }
  const cache = message['cache']
  if (cache !== undefined) {
    sink.key(key_cache)
    sink.bool(cache)
  }
  const outputFile = message['outputFile']
  if (outputFile !== undefined) {
    sink.key(key_output_file)
    sink.text(outputFile)
  }
  sink.closeObject()
}

function writeDurationInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const nanoseconds = message['nanoseconds']
  if (nanoseconds !== undefined) {
    sink.key(key_nanoseconds)
    sink.integer(nanoseconds, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  sink.closeObject()
}

function writeEnvironment(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const variables = message['variables']
  if (variables !== undefined) {
    const list = asList(variables)
    if (list.length > 0) {
      sink.key(key_variables)
      sink.openList()
      for (const item of list) writeEnvironmentVariable(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeEnvironmentVariable(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['secret'] !== undefined) throw unusual
  sink.openObject()
  const name = message['name']
  if (name !== undefined) {
    sink.key(key_name)
    sink.text(name)
  } else throw unusual
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.key(key_value)
    sink.text(valueField)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(environmentVariableType, type)
  }
  sink.closeObject()
}

function writeExecutorInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['container'] !== undefined || message['discovery'] !== undefined) throw unusual
  sink.openObject()
  const executorId = message['executorId']
  if (executorId !== undefined) {
    sink.key(key_executor_id)
    writeExecutorID(sink, executorId)
  } else throw unusual
  const data = message['data']
  if (data !== undefined) {
    sink.key(key_data)
    sink.base64(data)
  }
  const resources = message['resources']
  if (resources !== undefined) {
    const list = asList(resources)
    if (list.length > 0) {
      sink.key(key_resources)
      sink.openList()
      for (const item of list) writeResource(sink, item)
      sink.closeList()
    }
  }
  const command = message['command']
  if (command !== undefined) {
    sink.key(key_command)
    writeCommandInfo(sink, command)
  }
  const frameworkId = message['frameworkId']
  if (frameworkId !== undefined) {
    sink.key(key_framework_id)
    writeFrameworkID(sink, frameworkId)
  }
  const name = message['name']
  if (name !== undefined) {
    sink.key(key_name)
    sink.text(name)
  }
  const source = message['source']
  if (source !== undefined) {
    sink.key(key_source)
    sink.text(source)
  }
  const shutdownGracePeriod = message['shutdownGracePeriod']
  if (shutdownGracePeriod !== undefined) {
    sink.key(key_shutdown_grace_period)
    writeDurationInfo(sink, shutdownGracePeriod)
  }
  const labels = message['labels']
  if (labels !== undefined) {
    sink.key(key_labels)
    writeLabels(sink, labels)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(executorInfoType, type)
  }
  sink.closeObject()
}

function writeFilters(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const refuseSeconds = message['refuseSeconds']
  if (refuseSeconds !== undefined) {
    sink.key(key_refuse_seconds)
    sink.double(refuseSeconds)
  }
  sink.closeObject()
}

function writeKillPolicy(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const gracePeriod = message['gracePeriod']
  if (gracePeriod !== undefined) {
    sink.key(key_grace_period)
    writeDurationInfo(sink, gracePeriod)
  }
  sink.closeObject()
}

function writeOfferOperation(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['reserve'] !== undefined || message['unreserve'] !== undefined || message['create'] !== undefined || message['destroy'] !== undefined || message['id'] !== undefined || message['growVolume'] !== undefined || message['shrinkVolume'] !== undefined || message['createDisk'] !== undefined || message['destroyDisk'] !== undefined) throw unusual
  sink.openObject()
  const type = message['type']
  if (type !== undefined) {
    sink.key(key_type)
    sink.name(offerOperationType, type)
  }
  const launch = message['launch']
  if (launch !== undefined) {
    sink.key(key_launch)
    writeOfferOperationLaunch(sink, launch)
  }
  const launchGroup = message['launchGroup']
  if (launchGroup !== undefined) {
    sink.key(key_launch_group)
    writeOfferOperationLaunchGroup(sink, launchGroup)
  }
  sink.closeObject()
}

function writeOfferOperationLaunch(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const taskInfos = message['taskInfos']
  if (taskInfos !== undefined) {
    const list = asList(taskInfos)
    if (list.length > 0) {
      sink.key(key_task_infos)
      sink.openList()
      for (const item of list) writeTaskInfo(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeOfferOperationLaunchGroup(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const executor = message['executor']
  if (executor !== undefined) {
    sink.key(key_executor)
    writeExecutorInfo(sink, executor)
  } else throw unusual
  const taskGroup = message['taskGroup']
  if (taskGroup !== undefined) {
    sink.key(key_task_group)
    writeTaskGroupInfo(sink, taskGroup)
  } else throw unusual
  sink.closeObject()
}

function writeTaskGroupInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  sink.openObject()
  const tasks = message['tasks']
  if (tasks !== undefined) {
    const list = asList(tasks)
    if (list.length > 0) {
      sink.key(key_tasks)
      sink.openList()
      for (const item of list) writeTaskInfo(sink, item)
      sink.closeList()
    }
  }
  sink.closeObject()
}

function writeTaskInfo(sink: JsonSink, value: unknown): void {
  const message = asMessage(value)
  if (message['healthCheck'] !== undefined || message['container'] !== undefined || message['discovery'] !== undefined || message['check'] !== undefined || message['limits'] !== undefined) throw unusual
  sink.openObject()
  const name = message['name']
  if (name !== undefined) {
    sink.key(key_name)
    sink.text(name)
  } else throw unusual
  const taskId = message['taskId']
  if (taskId !== undefined) {
    sink.key(key_task_id)
    writeTaskID(sink, taskId)
  } else throw unusual
  const agentId = message['agentId']
  if (agentId !== undefined) {
    sink.key(key_agent_id)
    sink.again(0, agentId, () => { writeAgentID(sink, agentId) })
  } else throw unusual
  const resources = message['resources']
  if (resources !== undefined) {
    const list = asList(resources)
    if (list.length > 0) {
      sink.key(key_resources)
      sink.openList()
      for (const item of list) writeResource(sink, item)
      sink.closeList()
    }
  }
  const executor = message['executor']
  if (executor !== undefined) {
    sink.key(key_executor)
    sink.again(1, executor, () => { writeExecutorInfo(sink, executor) })
  }
  const data = message['data']
  if (data !== undefined) {
    sink.key(key_data)
    sink.base64(data)
  }
  const command = message['command']
  if (command !== undefined) {
    sink.key(key_command)
    writeCommandInfo(sink, command)
  }
  const labels = message['labels']
  if (labels !== undefined) {
    sink.key(key_labels)
    writeLabels(sink, labels)
  }
  const killPolicy = message['killPolicy']
  if (killPolicy !== undefined) {
    sink.key(key_kill_policy)
    writeKillPolicy(sink, killPolicy)
  }
  const maxCompletionTime = message['maxCompletionTime']
  if (maxCompletionTime !== undefined) {
    sink.key(key_max_completion_time)
    writeDurationInfo(sink, maxCompletionTime)
  }
  sink.closeObject()
}

/** By the full name of the message. */
export const frequent: Readonly<Record<string, Write | undefined>> = {
  'mesos.v1.scheduler.Call': writeSchedulerCall,
  'mesos.v1.scheduler.Call.Accept': writeSchedulerCallAccept,
  'mesos.v1.scheduler.Call.Acknowledge': writeSchedulerCallAcknowledge,
  'mesos.v1.scheduler.Call.Decline': writeSchedulerCallDecline,
  'mesos.v1.AgentID': writeAgentID,
  'mesos.v1.ContainerID': writeContainerID,
  'mesos.v1.ExecutorID': writeExecutorID,
  'mesos.v1.FrameworkID': writeFrameworkID,
  'mesos.v1.OfferID': writeOfferID,
  'mesos.v1.TaskID': writeTaskID,
  'mesos.v1.Label': writeLabel,
  'mesos.v1.Labels': writeLabels,
  'mesos.v1.Resource': writeResource,
  'mesos.v1.Resource.AllocationInfo': writeResourceAllocationInfo,
  'mesos.v1.Resource.ReservationInfo': writeResourceReservationInfo,
  'mesos.v1.Value.Range': writeValueRange,
  'mesos.v1.Value.Ranges': writeValueRanges,
  'mesos.v1.Value.Scalar': writeValueScalar,
  'mesos.v1.Value.Set': writeValueSet,
  'mesos.v1.Value.Text': writeValueText,
  'mesos.v1.CommandInfo': writeCommandInfo,
  'mesos.v1.CommandInfo.URI': writeCommandInfoURI,
  'mesos.v1.DurationInfo': writeDurationInfo,
  'mesos.v1.Environment': writeEnvironment,
  'mesos.v1.Environment.Variable': writeEnvironmentVariable,
  'mesos.v1.ExecutorInfo': writeExecutorInfo,
  'mesos.v1.Filters': writeFilters,
  'mesos.v1.KillPolicy': writeKillPolicy,
  'mesos.v1.Offer.Operation': writeOfferOperation,
  'mesos.v1.Offer.Operation.Launch': writeOfferOperationLaunch,
  'mesos.v1.Offer.Operation.LaunchGroup': writeOfferOperationLaunchGroup,
  'mesos.v1.TaskGroupInfo': writeTaskGroupInfo,
  'mesos.v1.TaskInfo': writeTaskInfo,
}
