// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

import type { ProtobufSink } from './print/protobuf-sink.ts'
import { asList, asMessage } from './print/sink.ts'
import { unusual } from './scan/unusual.ts'
import { enumOf } from './schema.ts'

import { unknownFieldsOf } from './unknown-fields.ts'

/** Writes one message; throws `unusual` if this is left to writing by plan. */
export type Write = (sink: ProtobufSink, value: unknown) => void

const schedulerCallType = enumOf('mesos.v1.scheduler.Call.Type').byName

const valueType = enumOf('mesos.v1.Value.Type').byName

const resourceReservationInfoType = enumOf('mesos.v1.Resource.ReservationInfo.Type').byName

const environmentVariableType = enumOf('mesos.v1.Environment.Variable.Type').byName

const executorInfoType = enumOf('mesos.v1.ExecutorInfo.Type').byName

const offerOperationType = enumOf('mesos.v1.Offer.Operation.Type').byName

function writeSchedulerCall(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['subscribe'] !== undefined || message['kill'] !== undefined || message['shutdown'] !== undefined || message['reconcile'] !== undefined || message['message'] !== undefined || message['request'] !== undefined || message['acceptInverseOffers'] !== undefined || message['declineInverseOffers'] !== undefined || message['revive'] !== undefined || message['suppress'] !== undefined || message['acknowledgeOperationStatus'] !== undefined || message['reconcileOperations'] !== undefined || message['updateFramework'] !== undefined) throw unusual
  const frameworkId = message['frameworkId']
  if (frameworkId !== undefined) {
    {
      const start = sink.openMessage(10, 1)
      writeFrameworkID(sink, frameworkId)
      sink.closeMessage(start, 1)
    }
  }
  const type = message['type']
  if (type !== undefined) {
    sink.name(16, schedulerCallType, type)
  }
  const accept = message['accept']
  if (accept !== undefined) {
    {
      const start = sink.openMessage(34, 1)
      writeSchedulerCallAccept(sink, accept)
      sink.closeMessage(start, 1)
    }
  }
  const decline = message['decline']
  if (decline !== undefined) {
    {
      const start = sink.openMessage(42, 1)
      writeSchedulerCallDecline(sink, decline)
      sink.closeMessage(start, 1)
    }
  }
  const acknowledge = message['acknowledge']
  if (acknowledge !== undefined) {
    {
      const start = sink.openMessage(66, 1)
      writeSchedulerCallAcknowledge(sink, acknowledge)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeSchedulerCallAccept(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const offerIds = message['offerIds']
  if (offerIds !== undefined) {
    for (const item of asList(offerIds)) {
      const start = sink.openMessage(10, 1)
      writeOfferID(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const operations = message['operations']
  if (operations !== undefined) {
    for (const item of asList(operations)) {
      const start = sink.openMessage(18, 1)
      writeOfferOperation(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const filters = message['filters']
  if (filters !== undefined) {
    {
      const start = sink.openMessage(26, 1)
      writeFilters(sink, filters)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeSchedulerCallAcknowledge(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const agentId = message['agentId']
  if (agentId !== undefined) {
    {
      const start = sink.openMessage(10, 1)
      writeAgentID(sink, agentId)
      sink.closeMessage(start, 1)
    }
  } else throw unusual
  const taskId = message['taskId']
  if (taskId !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeTaskID(sink, taskId)
      sink.closeMessage(start, 1)
    }
  } else throw unusual
  const uuid = message['uuid']
  if (uuid !== undefined) {
    sink.base64(26, uuid)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeSchedulerCallDecline(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const offerIds = message['offerIds']
  if (offerIds !== undefined) {
    for (const item of asList(offerIds)) {
      const start = sink.openMessage(10, 1)
      writeOfferID(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const filters = message['filters']
  if (filters !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeFilters(sink, filters)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeAgentID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeContainerID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['parent'] !== undefined) throw unusual
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeExecutorID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeFrameworkID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeOfferID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeTaskID(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeLabel(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const key = message['key']
  if (key !== undefined) {
    sink.text(10, key)
  } else throw unusual
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(18, valueField)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeLabels(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const labels = message['labels']
  if (labels !== undefined) {
    for (const item of asList(labels)) {
      const start = sink.openMessage(10, 1)
      writeLabel(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeResource(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['disk'] !== undefined || message['revocable'] !== undefined || message['shared'] !== undefined || message['providerId'] !== undefined) throw unusual
  const name = message['name']
  if (name !== undefined) {
    sink.text(10, name)
  } else throw unusual
  const type = message['type']
  if (type !== undefined) {
    sink.name(16, valueType, type)
  } else throw unusual
  const scalar = message['scalar']
  if (scalar !== undefined) {
    {
      const start = sink.openMessage(26, 1)
      writeValueScalar(sink, scalar)
      sink.closeMessage(start, 1)
    }
  }
  const ranges = message['ranges']
  if (ranges !== undefined) {
    {
      const start = sink.openMessage(34, 1)
      writeValueRanges(sink, ranges)
      sink.closeMessage(start, 1)
    }
  }
  const set = message['set']
  if (set !== undefined) {
    {
      const start = sink.openMessage(42, 1)
      writeValueSet(sink, set)
      sink.closeMessage(start, 1)
    }
  }
  const role = message['role']
  if (role !== undefined) {
    sink.text(50, role)
  }
  const reservation = message['reservation']
  if (reservation !== undefined) {
    {
      const start = sink.openMessage(66, 1)
      writeResourceReservationInfo(sink, reservation)
      sink.closeMessage(start, 1)
    }
  }
  const allocationInfo = message['allocationInfo']
  if (allocationInfo !== undefined) {
    {
      const start = sink.openMessage(90, 1)
      writeResourceAllocationInfo(sink, allocationInfo)
      sink.closeMessage(start, 1)
    }
  }
  const reservations = message['reservations']
  if (reservations !== undefined) {
    for (const item of asList(reservations)) {
      const start = sink.openMessage(106, 1)
      writeResourceReservationInfo(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeResourceAllocationInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const role = message['role']
  if (role !== undefined) {
    sink.text(10, role)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeResourceReservationInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const principal = message['principal']
  if (principal !== undefined) {
    sink.text(10, principal)
  }
  const labels = message['labels']
  if (labels !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeLabels(sink, labels)
      sink.closeMessage(start, 1)
    }
  }
  const role = message['role']
  if (role !== undefined) {
    sink.text(26, role)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.name(32, resourceReservationInfoType, type)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeValueRange(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const begin = message['begin']
  if (begin !== undefined) {
    sink.integer(8, begin, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  const end = message['end']
  if (end !== undefined) {
    sink.integer(16, end, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeValueRanges(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const range = message['range']
  if (range !== undefined) {
    for (const item of asList(range)) {
      const start = sink.openMessage(10, 1)
      writeValueRange(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeValueScalar(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.double(9, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeValueSet(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const itemField = message['item']
  if (itemField !== undefined) {
    for (const item of asList(itemField)) sink.text(10, item)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeValueText(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeCommandInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const uris = message['uris']
  if (uris !== undefined) {
    for (const item of asList(uris)) {
      const start = sink.openMessage(10, 1)
      writeCommandInfoURI(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const environment = message['environment']
  if (environment !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeEnvironment(sink, environment)
      sink.closeMessage(start, 1)
    }
  }
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(26, valueField)
  }
  const user = message['user']
  if (user !== undefined) {
    sink.text(42, user)
  }
  const shell = message['shell']
  if (shell !== undefined) {
    sink.bool(48, shell)
  }
  const argumentsField = message['arguments']
  if (argumentsField !== undefined) {
    for (const item of asList(argumentsField)) sink.text(58, item)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeCommandInfoURI(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(10, valueField)
  } else throw unusual
  const executable = message['executable']
  if (executable !== undefined) {
    sink.bool(16, executable)
  }
  const extract = message['extract']
  if (extract !== undefined) {
    sink.bool(24, extract)
  }
  const cache = message['cache']
  if (cache !== undefined) {
    sink.bool(32, cache)
  }
  const outputFile = message['outputFile']
  if (outputFile !== undefined) {
    sink.text(42, outputFile)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeDurationInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const nanoseconds = message['nanoseconds']
  if (nanoseconds !== undefined) {
    sink.integer(8, nanoseconds, Number.MAX_SAFE_INTEGER)
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeEnvironment(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const variables = message['variables']
  if (variables !== undefined) {
    for (const item of asList(variables)) {
      const start = sink.openMessage(10, 1)
      writeEnvironmentVariable(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeEnvironmentVariable(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['secret'] !== undefined) throw unusual
  const name = message['name']
  if (name !== undefined) {
    sink.text(10, name)
  } else throw unusual
  const valueField = message['value']
  if (valueField !== undefined) {
    sink.text(18, valueField)
  }
  const type = message['type']
  if (type !== undefined) {
    sink.name(24, environmentVariableType, type)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeExecutorInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['container'] !== undefined || message['discovery'] !== undefined) throw unusual
  const executorId = message['executorId']
  if (executorId !== undefined) {
    {
      const start = sink.openMessage(10, 1)
      writeExecutorID(sink, executorId)
      sink.closeMessage(start, 1)
    }
  } else throw unusual
  const data = message['data']
  if (data !== undefined) {
    sink.base64(34, data)
  }
  const resources = message['resources']
  if (resources !== undefined) {
    for (const item of asList(resources)) {
      const start = sink.openMessage(42, 1)
      writeResource(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const command = message['command']
  if (command !== undefined) {
    {
      const start = sink.openMessage(58, 1)
      writeCommandInfo(sink, command)
      sink.closeMessage(start, 1)
    }
  }
  const frameworkId = message['frameworkId']
  if (frameworkId !== undefined) {
    {
      const start = sink.openMessage(66, 1)
      writeFrameworkID(sink, frameworkId)
      sink.closeMessage(start, 1)
    }
  }
  const name = message['name']
  if (name !== undefined) {
    sink.text(74, name)
  }
  const source = message['source']
  if (source !== undefined) {
    sink.text(82, source)
  }
  const shutdownGracePeriod = message['shutdownGracePeriod']
  if (shutdownGracePeriod !== undefined) {
    {
      const start = sink.openMessage(106, 1)
      writeDurationInfo(sink, shutdownGracePeriod)
      sink.closeMessage(start, 1)
    }
  }
  const labels = message['labels']
  if (labels !== undefined) {
    {
      const start = sink.openMessage(114, 1)
      writeLabels(sink, labels)
      sink.closeMessage(start, 1)
    }
  }
  const type = message['type']
  if (type !== undefined) {
    sink.name(120, executorInfoType, type)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeFilters(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const refuseSeconds = message['refuseSeconds']
  if (refuseSeconds !== undefined) {
    sink.double(9, refuseSeconds)
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeKillPolicy(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const gracePeriod = message['gracePeriod']
  if (gracePeriod !== undefined) {
    {
      const start = sink.openMessage(10, 1)
      writeDurationInfo(sink, gracePeriod)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeOfferOperation(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['reserve'] !== undefined || message['unreserve'] !== undefined || message['create'] !== undefined || message['destroy'] !== undefined || message['id'] !== undefined || message['growVolume'] !== undefined || message['shrinkVolume'] !== undefined || message['createDisk'] !== undefined || message['destroyDisk'] !== undefined) throw unusual
  const type = message['type']
  if (type !== undefined) {
    sink.name(8, offerOperationType, type)
  }
  const launch = message['launch']
  if (launch !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeOfferOperationLaunch(sink, launch)
      sink.closeMessage(start, 1)
    }
  }
  const launchGroup = message['launchGroup']
  if (launchGroup !== undefined) {
    {
      const start = sink.openMessage(58, 1)
      writeOfferOperationLaunchGroup(sink, launchGroup)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeOfferOperationLaunch(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const taskInfos = message['taskInfos']
  if (taskInfos !== undefined) {
    for (const item of asList(taskInfos)) {
      const start = sink.openMessage(10, 2)
      writeTaskInfo(sink, item)
      sink.closeMessage(start, 2)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeOfferOperationLaunchGroup(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const executor = message['executor']
  if (executor !== undefined) {
    {
      const start = sink.openMessage(10, 2)
      writeExecutorInfo(sink, executor)
      sink.closeMessage(start, 2)
    }
  } else throw unusual
  const taskGroup = message['taskGroup']
  if (taskGroup !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeTaskGroupInfo(sink, taskGroup)
      sink.closeMessage(start, 1)
    }
  } else throw unusual
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeTaskGroupInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  const tasks = message['tasks']
  if (tasks !== undefined) {
    for (const item of asList(tasks)) {
      const start = sink.openMessage(10, 2)
      writeTaskInfo(sink, item)
      sink.closeMessage(start, 2)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
}

function writeTaskInfo(sink: ProtobufSink, value: unknown): void {
  const message = asMessage(value)
  if (message['healthCheck'] !== undefined || message['container'] !== undefined || message['discovery'] !== undefined || message['check'] !== undefined || message['limits'] !== undefined) throw unusual
  const name = message['name']
  if (name !== undefined) {
    sink.text(10, name)
  } else throw unusual
  const taskId = message['taskId']
  if (taskId !== undefined) {
    {
      const start = sink.openMessage(18, 1)
      writeTaskID(sink, taskId)
      sink.closeMessage(start, 1)
    }
  } else throw unusual
  const agentId = message['agentId']
  if (agentId !== undefined) {
    sink.again(0, agentId, () => {
      const start = sink.openMessage(26, 1)
      writeAgentID(sink, agentId)
      sink.closeMessage(start, 1)
    })
  } else throw unusual
  const resources = message['resources']
  if (resources !== undefined) {
    for (const item of asList(resources)) {
      const start = sink.openMessage(34, 1)
      writeResource(sink, item)
      sink.closeMessage(start, 1)
    }
  }
  const executor = message['executor']
  if (executor !== undefined) {
    sink.again(1, executor, () => {
      const start = sink.openMessage(42, 2)
      writeExecutorInfo(sink, executor)
      sink.closeMessage(start, 2)
    })
  }
  const data = message['data']
  if (data !== undefined) {
    sink.base64(50, data)
  }
  const command = message['command']
  if (command !== undefined) {
    {
      const start = sink.openMessage(58, 1)
      writeCommandInfo(sink, command)
      sink.closeMessage(start, 1)
    }
  }
  const labels = message['labels']
  if (labels !== undefined) {
    {
      const start = sink.openMessage(82, 1)
      writeLabels(sink, labels)
      sink.closeMessage(start, 1)
    }
  }
  const killPolicy = message['killPolicy']
  if (killPolicy !== undefined) {
    {
      const start = sink.openMessage(98, 1)
      writeKillPolicy(sink, killPolicy)
      sink.closeMessage(start, 1)
    }
  }
  const maxCompletionTime = message['maxCompletionTime']
  if (maxCompletionTime !== undefined) {
    {
      const start = sink.openMessage(114, 1)
      writeDurationInfo(sink, maxCompletionTime)
      sink.closeMessage(start, 1)
    }
  }
  for (const field of unknownFieldsOf(message)) sink.raw(field)
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
