// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

import { keysOf } from './scan/json-keys.ts'
import type { JsonScanner } from './scan/json-scanner.ts'
import { shapeOf } from './scan/shape-of.ts'
import { unusual } from './scan/unusual.ts'
import { enumOf } from './schema.ts'
import type { PlainMessage } from './schema.ts'

/** Reads one message; throws `unusual` if this is left to reading by plan. */
export type Read = (scanner: JsonScanner) => PlainMessage

const schedulerEventType = enumOf('mesos.v1.scheduler.Event.Type').names

const valueType = enumOf('mesos.v1.Value.Type').names

const resourceReservationInfoType = enumOf('mesos.v1.Resource.ReservationInfo.Type').names

const networkInfoProtocol = enumOf('mesos.v1.NetworkInfo.Protocol').names

const taskState = enumOf('mesos.v1.TaskState').names

const taskStatusSource = enumOf('mesos.v1.TaskStatus.Source').names

const taskStatusReason = enumOf('mesos.v1.TaskStatus.Reason').names

const schedulerEventKeys = keysOf(["type","offers","rescind","update"])

const schedulerEventOffersKeys = keysOf(["offers"])

const schedulerEventRescindKeys = keysOf(["offer_id"])

const schedulerEventUpdateKeys = keysOf(["status"])

const agentIDKeys = keysOf(["value"])

const containerIDKeys = keysOf(["value","parent"])

const executorIDKeys = keysOf(["value"])

const frameworkIDKeys = keysOf(["value"])

const offerIDKeys = keysOf(["value"])

const taskIDKeys = keysOf(["value"])

const labelKeys = keysOf(["key","value"])

const labelsKeys = keysOf(["labels"])

const resourceKeys = keysOf(["name","type","scalar","ranges","set","role","reservation","allocation_info","reservations"])

const resourceAllocationInfoKeys = keysOf(["role"])

const resourceReservationInfoKeys = keysOf(["principal","labels","role","type"])

const valueRangeKeys = keysOf(["begin","end"])

const valueRangesKeys = keysOf(["range"])

const valueScalarKeys = keysOf(["value"])

const valueSetKeys = keysOf(["item"])

const valueTextKeys = keysOf(["value"])

const addressKeys = keysOf(["hostname","ip","port"])

const attributeKeys = keysOf(["name","type","scalar","ranges","text","set"])

const containerStatusKeys = keysOf(["network_infos","executor_pid","container_id"])

const domainInfoKeys = keysOf(["fault_domain"])

const domainInfoFaultDomainKeys = keysOf(["region","zone"])

const domainInfoFaultDomainRegionInfoKeys = keysOf(["name"])

const domainInfoFaultDomainZoneInfoKeys = keysOf(["name"])

const networkInfoKeys = keysOf(["groups","labels","ip_addresses","name"])

const networkInfoIPAddressKeys = keysOf(["protocol","ip_address"])

const offerKeys = keysOf(["id","framework_id","agent_id","hostname","resources","executor_ids","attributes","url","allocation_info","domain"])

const taskStatusKeys = keysOf(["task_id","state","data","message","agent_id","timestamp","executor_id","healthy","source","reason","uuid","labels","container_status"])

const uRLKeys = keysOf(["scheme","address","path","fragment"])

const SchedulerEvent = shapeOf(function (this: PlainMessage, type: unknown, offers: unknown, rescind: unknown, update: unknown) {
  if (type !== undefined) this['type'] = type
  if (offers !== undefined) this['offers'] = offers
  if (rescind !== undefined) this['rescind'] = rescind
  if (update !== undefined) this['update'] = update
})

const SchedulerEventOffers = shapeOf(function (this: PlainMessage, offers: unknown) {
  if (offers !== undefined) this['offers'] = offers
})

const SchedulerEventRescind = shapeOf(function (this: PlainMessage, offerId: unknown) {
  this['offerId'] = offerId
})

const SchedulerEventUpdate = shapeOf(function (this: PlainMessage, status: unknown) {
  this['status'] = status
})

const AgentID = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const ContainerID = shapeOf(function (this: PlainMessage, value: unknown, parent: unknown) {
  this['value'] = value
  if (parent !== undefined) this['parent'] = parent
})

const ExecutorID = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const FrameworkID = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const OfferID = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const TaskID = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const Label = shapeOf(function (this: PlainMessage, key: unknown, value: unknown) {
  this['key'] = key
  if (value !== undefined) this['value'] = value
})

const Labels = shapeOf(function (this: PlainMessage, labels: unknown) {
  if (labels !== undefined) this['labels'] = labels
})

const Resource = shapeOf(function (this: PlainMessage, name: unknown, type: unknown, scalar: unknown, ranges: unknown, set: unknown, role: unknown, reservation: unknown, allocationInfo: unknown, reservations: unknown) {
  this['name'] = name
  this['type'] = type
  if (scalar !== undefined) this['scalar'] = scalar
  if (ranges !== undefined) this['ranges'] = ranges
  if (set !== undefined) this['set'] = set
  if (role !== undefined) this['role'] = role
  if (reservation !== undefined) this['reservation'] = reservation
  if (allocationInfo !== undefined) this['allocationInfo'] = allocationInfo
  if (reservations !== undefined) this['reservations'] = reservations
})

const ResourceAllocationInfo = shapeOf(function (this: PlainMessage, role: unknown) {
  if (role !== undefined) this['role'] = role
})

const ResourceReservationInfo = shapeOf(function (this: PlainMessage, principal: unknown, labels: unknown, role: unknown, type: unknown) {
  if (principal !== undefined) this['principal'] = principal
  if (labels !== undefined) this['labels'] = labels
  if (role !== undefined) this['role'] = role
  if (type !== undefined) this['type'] = type
})

const ValueRange = shapeOf(function (this: PlainMessage, begin: unknown, end: unknown) {
  this['begin'] = begin
  this['end'] = end
})

const ValueRanges = shapeOf(function (this: PlainMessage, range: unknown) {
  if (range !== undefined) this['range'] = range
})

const ValueScalar = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const ValueSet = shapeOf(function (this: PlainMessage, item: unknown) {
  if (item !== undefined) this['item'] = item
})

const ValueText = shapeOf(function (this: PlainMessage, value: unknown) {
  this['value'] = value
})

const Address = shapeOf(function (this: PlainMessage, hostname: unknown, ip: unknown, port: unknown) {
  if (hostname !== undefined) this['hostname'] = hostname
  if (ip !== undefined) this['ip'] = ip
  this['port'] = port
})

const Attribute = shapeOf(function (this: PlainMessage, name: unknown, type: unknown, scalar: unknown, ranges: unknown, text: unknown, set: unknown) {
  this['name'] = name
  this['type'] = type
  if (scalar !== undefined) this['scalar'] = scalar
  if (ranges !== undefined) this['ranges'] = ranges
  if (text !== undefined) this['text'] = text
  if (set !== undefined) this['set'] = set
})

const ContainerStatus = shapeOf(function (this: PlainMessage, networkInfos: unknown, executorPid: unknown, containerId: unknown) {
  if (networkInfos !== undefined) this['networkInfos'] = networkInfos
  if (executorPid !== undefined) this['executorPid'] = executorPid
  if (containerId !== undefined) this['containerId'] = containerId
})

const DomainInfo = shapeOf(function (this: PlainMessage, faultDomain: unknown) {
  if (faultDomain !== undefined) this['faultDomain'] = faultDomain
})

const DomainInfoFaultDomain = shapeOf(function (this: PlainMessage, region: unknown, zone: unknown) {
  this['region'] = region
  this['zone'] = zone
})

const DomainInfoFaultDomainRegionInfo = shapeOf(function (this: PlainMessage, name: unknown) {
  this['name'] = name
})

const DomainInfoFaultDomainZoneInfo = shapeOf(function (this: PlainMessage, name: unknown) {
  this['name'] = name
})

const NetworkInfo = shapeOf(function (this: PlainMessage, groups: unknown, labels: unknown, ipAddresses: unknown, name: unknown) {
  if (groups !== undefined) this['groups'] = groups
  if (labels !== undefined) this['labels'] = labels
  if (ipAddresses !== undefined) this['ipAddresses'] = ipAddresses
  if (name !== undefined) this['name'] = name
})

const NetworkInfoIPAddress = shapeOf(function (this: PlainMessage, protocol: unknown, ipAddress: unknown) {
  if (protocol !== undefined) this['protocol'] = protocol
  if (ipAddress !== undefined) this['ipAddress'] = ipAddress
})

const Offer = shapeOf(function (this: PlainMessage, id: unknown, frameworkId: unknown, agentId: unknown, hostname: unknown, resources: unknown, executorIds: unknown, attributes: unknown, url: unknown, allocationInfo: unknown, domain: unknown) {
  this['id'] = id
  this['frameworkId'] = frameworkId
  this['agentId'] = agentId
  this['hostname'] = hostname
  if (resources !== undefined) this['resources'] = resources
  if (executorIds !== undefined) this['executorIds'] = executorIds
  if (attributes !== undefined) this['attributes'] = attributes
  if (url !== undefined) this['url'] = url
  if (allocationInfo !== undefined) this['allocationInfo'] = allocationInfo
  if (domain !== undefined) this['domain'] = domain
})

const TaskStatus = shapeOf(function (this: PlainMessage, taskId: unknown, state: unknown, data: unknown, message: unknown, agentId: unknown, timestamp: unknown, executorId: unknown, healthy: unknown, source: unknown, reason: unknown, uuid: unknown, labels: unknown, containerStatus: unknown) {
  this['taskId'] = taskId
  this['state'] = state
  if (data !== undefined) this['data'] = data
  if (message !== undefined) this['message'] = message
  if (agentId !== undefined) this['agentId'] = agentId
  if (timestamp !== undefined) this['timestamp'] = timestamp
  if (executorId !== undefined) this['executorId'] = executorId
  if (healthy !== undefined) this['healthy'] = healthy
  if (source !== undefined) this['source'] = source
  if (reason !== undefined) this['reason'] = reason
  if (uuid !== undefined) this['uuid'] = uuid
  if (labels !== undefined) this['labels'] = labels
  if (containerStatus !== undefined) this['containerStatus'] = containerStatus
})

const URL = shapeOf(function (this: PlainMessage, scheme: unknown, address: unknown, path: unknown, fragment: unknown) {
  this['scheme'] = scheme
  this['address'] = address
  if (path !== undefined) this['path'] = path
  if (fragment !== undefined) this['fragment'] = fragment
})

/** By type: the field that comes with it. */
const schedulerEventBodies: Readonly<Record<string, string | undefined>> = {
  SUBSCRIBED: 'subscribed',
  OFFERS: 'offers',
  RESCIND: 'rescind',
  UPDATE: 'update',
  MESSAGE: 'message',
  FAILURE: 'failure',
  ERROR: 'error',
  HEARTBEAT: '',
  INVERSE_OFFERS: 'inverseOffers',
  RESCIND_INVERSE_OFFER: 'rescindInverseOffer',
  UPDATE_OPERATION_STATUS: 'updateOperationStatus',
}

function readSchedulerEvent(scanner: JsonScanner): PlainMessage {
  let type: unknown
  let offers: unknown
  let rescind: unknown
  let update: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(schedulerEventKeys); place >= 0; place = scanner.nextKey(schedulerEventKeys, place)) {
    switch (place) {
      case 0:
        type = scanner.name(schedulerEventType)
        break
      case 1:
        offers = readSchedulerEventOffers(scanner)
        break
      case 2:
        rescind = readSchedulerEventRescind(scanner)
        break
      case 3:
        update = readSchedulerEventUpdate(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new SchedulerEvent(type, offers, rescind, update)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event', plain, others)
  const body = schedulerEventBodies[String(plain['type'])]
  if (body === undefined || (body !== '' && plain[body] === undefined)) throw unusual
  return plain
}

function readSchedulerEventOffers(scanner: JsonScanner): PlainMessage {
  let offers: unknown[] | undefined
  let others: string | undefined
  for (let place = scanner.firstKey(schedulerEventOffersKeys); place >= 0; place = scanner.nextKey(schedulerEventOffersKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          offers = []
          do offers.push(readOffer(scanner))
          while (scanner.hasMore())
        } else offers = undefined
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new SchedulerEventOffers(offers)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Offers', plain, others)
  return plain
}

function readSchedulerEventRescind(scanner: JsonScanner): PlainMessage {
  let offerId: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(schedulerEventRescindKeys); place >= 0; place = scanner.nextKey(schedulerEventRescindKeys, place)) {
    switch (place) {
      case 0:
        offerId = readOfferID(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (offerId === undefined) throw unusual
  const plain = new SchedulerEventRescind(offerId)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Rescind', plain, others)
  return plain
}

function readSchedulerEventUpdate(scanner: JsonScanner): PlainMessage {
  let status: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(schedulerEventUpdateKeys); place >= 0; place = scanner.nextKey(schedulerEventUpdateKeys, place)) {
    switch (place) {
      case 0:
        status = readTaskStatus(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (status === undefined) throw unusual
  const plain = new SchedulerEventUpdate(status)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Update', plain, others)
  return plain
}

function readAgentID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(agentIDKeys); place >= 0; place = scanner.nextKey(agentIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new AgentID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.AgentID', plain, others)
  return plain
}

function readContainerID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let parent: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(containerIDKeys); place >= 0; place = scanner.nextKey(containerIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      case 1:
        scanner.goDown()
        parent = readContainerID(scanner)
        scanner.goUp()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new ContainerID(value, parent)
  if (others !== undefined) scanner.addOthers('mesos.v1.ContainerID', plain, others)
  return plain
}

function readExecutorID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(executorIDKeys); place >= 0; place = scanner.nextKey(executorIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new ExecutorID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.ExecutorID', plain, others)
  return plain
}

function readFrameworkID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(frameworkIDKeys); place >= 0; place = scanner.nextKey(frameworkIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new FrameworkID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.FrameworkID', plain, others)
  return plain
}

function readOfferID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(offerIDKeys); place >= 0; place = scanner.nextKey(offerIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.ownText()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new OfferID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.OfferID', plain, others)
  return plain
}

function readTaskID(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(taskIDKeys); place >= 0; place = scanner.nextKey(taskIDKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new TaskID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.TaskID', plain, others)
  return plain
}

function readLabel(scanner: JsonScanner): PlainMessage {
  let key: unknown
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(labelKeys); place >= 0; place = scanner.nextKey(labelKeys, place)) {
    switch (place) {
      case 0:
        key = scanner.text()
        break
      case 1:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (key === undefined) throw unusual
  const plain = new Label(key, value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Label', plain, others)
  return plain
}

function readLabels(scanner: JsonScanner): PlainMessage {
  let labels: unknown[] | undefined
  let others: string | undefined
  for (let place = scanner.firstKey(labelsKeys); place >= 0; place = scanner.nextKey(labelsKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          labels = []
          do labels.push(readLabel(scanner))
          while (scanner.hasMore())
        } else labels = undefined
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new Labels(labels)
  if (others !== undefined) scanner.addOthers('mesos.v1.Labels', plain, others)
  return plain
}

function readResource(scanner: JsonScanner): PlainMessage {
  let name: unknown
  let type: unknown
  let scalar: unknown
  let ranges: unknown
  let set: unknown
  let role: unknown
  let reservation: unknown
  let allocationInfo: unknown
  let reservations: unknown[] | undefined
  let others: string | undefined
  for (let place = scanner.firstKey(resourceKeys); place >= 0; place = scanner.nextKey(resourceKeys, place)) {
    switch (place) {
      case 0:
        name = scanner.text()
        break
      case 1:
        type = scanner.name(valueType)
        break
      case 2:
        scalar = readValueScalar(scanner)
        break
      case 3:
        ranges = readValueRanges(scanner)
        break
      case 4:
        set = readValueSet(scanner)
        break
      case 5:
        role = scanner.text()
        break
      case 6:
        reservation = readResourceReservationInfo(scanner)
        break
      case 7:
        allocationInfo = readResourceAllocationInfo(scanner)
        break
      case 8:
        if (scanner.hasItems()) {
          reservations = []
          do reservations.push(readResourceReservationInfo(scanner))
          while (scanner.hasMore())
        } else reservations = undefined
        break
      default:
        others = scanner.other(others)
    }
  }
  if (name === undefined || type === undefined) throw unusual
  const plain = new Resource(name, type, scalar, ranges, set, role, reservation, allocationInfo, reservations)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource', plain, others)
  return plain
}

function readResourceAllocationInfo(scanner: JsonScanner): PlainMessage {
  let role: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(resourceAllocationInfoKeys); place >= 0; place = scanner.nextKey(resourceAllocationInfoKeys, place)) {
    switch (place) {
      case 0:
        role = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new ResourceAllocationInfo(role)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource.AllocationInfo', plain, others)
  return plain
}

function readResourceReservationInfo(scanner: JsonScanner): PlainMessage {
  let principal: unknown
  let labels: unknown
  let role: unknown
  let type: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(resourceReservationInfoKeys); place >= 0; place = scanner.nextKey(resourceReservationInfoKeys, place)) {
    switch (place) {
      case 0:
        principal = scanner.text()
        break
      case 1:
        labels = readLabels(scanner)
        break
      case 2:
        role = scanner.text()
        break
      case 3:
        type = scanner.name(resourceReservationInfoType)
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new ResourceReservationInfo(principal, labels, role, type)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource.ReservationInfo', plain, others)
  return plain
}

function readValueRange(scanner: JsonScanner): PlainMessage {
  let begin: unknown
  let end: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(valueRangeKeys); place >= 0; place = scanner.nextKey(valueRangeKeys, place)) {
    switch (place) {
      case 0:
        begin = scanner.integer(Number.MAX_SAFE_INTEGER)
        break
      case 1:
        end = scanner.integer(Number.MAX_SAFE_INTEGER)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (begin === undefined || end === undefined) throw unusual
  const plain = new ValueRange(begin, end)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Range', plain, others)
  return plain
}

function readValueRanges(scanner: JsonScanner): PlainMessage {
  let range: unknown[] | undefined
  let others: string | undefined
  for (let place = scanner.firstKey(valueRangesKeys); place >= 0; place = scanner.nextKey(valueRangesKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          range = []
          do range.push(readValueRange(scanner))
          while (scanner.hasMore())
        } else range = undefined
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new ValueRanges(range)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Ranges', plain, others)
  return plain
}

function readValueScalar(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(valueScalarKeys); place >= 0; place = scanner.nextKey(valueScalarKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.number()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new ValueScalar(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Scalar', plain, others)
  return plain
}

function readValueSet(scanner: JsonScanner): PlainMessage {
  let item: unknown[] | undefined
  let others: string | undefined
  for (let place = scanner.firstKey(valueSetKeys); place >= 0; place = scanner.nextKey(valueSetKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          item = []
          do item.push(scanner.text())
          while (scanner.hasMore())
        } else item = undefined
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new ValueSet(item)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Set', plain, others)
  return plain
}

function readValueText(scanner: JsonScanner): PlainMessage {
  let value: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(valueTextKeys); place >= 0; place = scanner.nextKey(valueTextKeys, place)) {
    switch (place) {
      case 0:
        value = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (value === undefined) throw unusual
  const plain = new ValueText(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Text', plain, others)
  return plain
}

function readAddress(scanner: JsonScanner): PlainMessage {
  let hostname: unknown
  let ip: unknown
  let port: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(addressKeys); place >= 0; place = scanner.nextKey(addressKeys, place)) {
    switch (place) {
      case 0:
        hostname = scanner.text()
        break
      case 1:
        ip = scanner.text()
        break
      case 2:
        port = scanner.integer(2_147_483_647)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (port === undefined) throw unusual
  const plain = new Address(hostname, ip, port)
  if (others !== undefined) scanner.addOthers('mesos.v1.Address', plain, others)
  return plain
}

function readAttribute(scanner: JsonScanner): PlainMessage {
  let name: unknown
  let type: unknown
  let scalar: unknown
  let ranges: unknown
  let text: unknown
  let set: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(attributeKeys); place >= 0; place = scanner.nextKey(attributeKeys, place)) {
    switch (place) {
      case 0:
        name = scanner.text()
        break
      case 1:
        type = scanner.name(valueType)
        break
      case 2:
        scalar = readValueScalar(scanner)
        break
      case 3:
        ranges = readValueRanges(scanner)
        break
      case 4:
        text = readValueText(scanner)
        break
      case 5:
        set = readValueSet(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (name === undefined || type === undefined) throw unusual
  const plain = new Attribute(name, type, scalar, ranges, text, set)
  if (others !== undefined) scanner.addOthers('mesos.v1.Attribute', plain, others)
  return plain
}

function readContainerStatus(scanner: JsonScanner): PlainMessage {
  let networkInfos: unknown[] | undefined
  let executorPid: unknown
  let containerId: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(containerStatusKeys); place >= 0; place = scanner.nextKey(containerStatusKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          networkInfos = []
          do networkInfos.push(readNetworkInfo(scanner))
          while (scanner.hasMore())
        } else networkInfos = undefined
        break
      case 1:
        executorPid = scanner.integer(4_294_967_295)
        break
      case 2:
        containerId = readContainerID(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new ContainerStatus(networkInfos, executorPid, containerId)
  if (others !== undefined) scanner.addOthers('mesos.v1.ContainerStatus', plain, others)
  return plain
}

function readDomainInfo(scanner: JsonScanner): PlainMessage {
  let faultDomain: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(domainInfoKeys); place >= 0; place = scanner.nextKey(domainInfoKeys, place)) {
    switch (place) {
      case 0:
        faultDomain = readDomainInfoFaultDomain(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new DomainInfo(faultDomain)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo', plain, others)
  return plain
}

function readDomainInfoFaultDomain(scanner: JsonScanner): PlainMessage {
  let region: unknown
  let zone: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(domainInfoFaultDomainKeys); place >= 0; place = scanner.nextKey(domainInfoFaultDomainKeys, place)) {
    switch (place) {
      case 0:
        region = readDomainInfoFaultDomainRegionInfo(scanner)
        break
      case 1:
        zone = readDomainInfoFaultDomainZoneInfo(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (region === undefined || zone === undefined) throw unusual
  const plain = new DomainInfoFaultDomain(region, zone)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain', plain, others)
  return plain
}

function readDomainInfoFaultDomainRegionInfo(scanner: JsonScanner): PlainMessage {
  let name: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(domainInfoFaultDomainRegionInfoKeys); place >= 0; place = scanner.nextKey(domainInfoFaultDomainRegionInfoKeys, place)) {
    switch (place) {
      case 0:
        name = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (name === undefined) throw unusual
  const plain = new DomainInfoFaultDomainRegionInfo(name)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain.RegionInfo', plain, others)
  return plain
}

function readDomainInfoFaultDomainZoneInfo(scanner: JsonScanner): PlainMessage {
  let name: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(domainInfoFaultDomainZoneInfoKeys); place >= 0; place = scanner.nextKey(domainInfoFaultDomainZoneInfoKeys, place)) {
    switch (place) {
      case 0:
        name = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (name === undefined) throw unusual
  const plain = new DomainInfoFaultDomainZoneInfo(name)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain.ZoneInfo', plain, others)
  return plain
}

function readNetworkInfo(scanner: JsonScanner): PlainMessage {
  let groups: unknown[] | undefined
  let labels: unknown
  let ipAddresses: unknown[] | undefined
  let name: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(networkInfoKeys); place >= 0; place = scanner.nextKey(networkInfoKeys, place)) {
    switch (place) {
      case 0:
        if (scanner.hasItems()) {
          groups = []
          do groups.push(scanner.text())
          while (scanner.hasMore())
        } else groups = undefined
        break
      case 1:
        labels = readLabels(scanner)
        break
      case 2:
        if (scanner.hasItems()) {
          ipAddresses = []
          do ipAddresses.push(readNetworkInfoIPAddress(scanner))
          while (scanner.hasMore())
        } else ipAddresses = undefined
        break
      case 3:
        name = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new NetworkInfo(groups, labels, ipAddresses, name)
  if (others !== undefined) scanner.addOthers('mesos.v1.NetworkInfo', plain, others)
  return plain
}

function readNetworkInfoIPAddress(scanner: JsonScanner): PlainMessage {
  let protocol: unknown
  let ipAddress: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(networkInfoIPAddressKeys); place >= 0; place = scanner.nextKey(networkInfoIPAddressKeys, place)) {
    switch (place) {
      case 0:
        protocol = scanner.name(networkInfoProtocol)
        break
      case 1:
        ipAddress = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  const plain = new NetworkInfoIPAddress(protocol, ipAddress)
  if (others !== undefined) scanner.addOthers('mesos.v1.NetworkInfo.IPAddress', plain, others)
  return plain
}

function readOffer(scanner: JsonScanner): PlainMessage {
  let id: unknown
  let frameworkId: unknown
  let agentId: unknown
  let hostname: unknown
  let resources: unknown[] | undefined
  let executorIds: unknown[] | undefined
  let attributes: unknown[] | undefined
  let url: unknown
  let allocationInfo: unknown
  let domain: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(offerKeys); place >= 0; place = scanner.nextKey(offerKeys, place)) {
    switch (place) {
      case 0:
        id = readOfferID(scanner)
        break
      case 1:
        frameworkId = readFrameworkID(scanner)
        break
      case 2:
        agentId = readAgentID(scanner)
        break
      case 3:
        hostname = scanner.text()
        break
      case 4:
        if (scanner.hasItems()) {
          resources = []
          do resources.push(readResource(scanner))
          while (scanner.hasMore())
        } else resources = undefined
        break
      case 5:
        if (scanner.hasItems()) {
          executorIds = []
          do executorIds.push(readExecutorID(scanner))
          while (scanner.hasMore())
        } else executorIds = undefined
        break
      case 6:
        if (scanner.hasItems()) {
          attributes = []
          do attributes.push(readAttribute(scanner))
          while (scanner.hasMore())
        } else attributes = undefined
        break
      case 7:
        url = readURL(scanner)
        break
      case 8:
        allocationInfo = readResourceAllocationInfo(scanner)
        break
      case 9:
        domain = readDomainInfo(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (id === undefined || frameworkId === undefined || agentId === undefined || hostname === undefined) throw unusual
  const plain = new Offer(id, frameworkId, agentId, hostname, resources, executorIds, attributes, url, allocationInfo, domain)
  if (others !== undefined) scanner.addOthers('mesos.v1.Offer', plain, others)
  return plain
}

function readTaskStatus(scanner: JsonScanner): PlainMessage {
  let taskId: unknown
  let state: unknown
  let data: unknown
  let message: unknown
  let agentId: unknown
  let timestamp: unknown
  let executorId: unknown
  let healthy: unknown
  let source: unknown
  let reason: unknown
  let uuid: unknown
  let labels: unknown
  let containerStatus: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(taskStatusKeys); place >= 0; place = scanner.nextKey(taskStatusKeys, place)) {
    switch (place) {
      case 0:
        taskId = readTaskID(scanner)
        break
      case 1:
        state = scanner.name(taskState)
        break
      case 2:
        data = scanner.base64()
        break
      case 3:
        message = scanner.ownText()
        break
      case 4:
        agentId = readAgentID(scanner)
        break
      case 5:
        timestamp = scanner.number()
        break
      case 6:
        executorId = readExecutorID(scanner)
        break
      case 7:
        healthy = scanner.bool()
        break
      case 8:
        source = scanner.name(taskStatusSource)
        break
      case 9:
        reason = scanner.name(taskStatusReason)
        break
      case 10:
        uuid = scanner.base64()
        break
      case 11:
        labels = readLabels(scanner)
        break
      case 12:
        containerStatus = readContainerStatus(scanner)
        break
      default:
        others = scanner.other(others)
    }
  }
  if (taskId === undefined || state === undefined) throw unusual
  const plain = new TaskStatus(taskId, state, data, message, agentId, timestamp, executorId, healthy, source, reason, uuid, labels, containerStatus)
  if (others !== undefined) scanner.addOthers('mesos.v1.TaskStatus', plain, others)
  return plain
}

function readURL(scanner: JsonScanner): PlainMessage {
  let scheme: unknown
  let address: unknown
  let path: unknown
  let fragment: unknown
  let others: string | undefined
  for (let place = scanner.firstKey(uRLKeys); place >= 0; place = scanner.nextKey(uRLKeys, place)) {
    switch (place) {
      case 0:
        scheme = scanner.text()
        break
      case 1:
        address = readAddress(scanner)
        break
      case 2:
        path = scanner.text()
        break
      case 3:
        fragment = scanner.text()
        break
      default:
        others = scanner.other(others)
    }
  }
  if (scheme === undefined || address === undefined) throw unusual
  const plain = new URL(scheme, address, path, fragment)
  if (others !== undefined) scanner.addOthers('mesos.v1.URL', plain, others)
  return plain
}

/** By the full name of the message. */
export const frequent: Readonly<Record<string, Read | undefined>> = {
  'mesos.v1.scheduler.Event': readSchedulerEvent,
  'mesos.v1.scheduler.Event.Offers': readSchedulerEventOffers,
  'mesos.v1.scheduler.Event.Rescind': readSchedulerEventRescind,
  'mesos.v1.scheduler.Event.Update': readSchedulerEventUpdate,
  'mesos.v1.AgentID': readAgentID,
  'mesos.v1.ContainerID': readContainerID,
  'mesos.v1.ExecutorID': readExecutorID,
  'mesos.v1.FrameworkID': readFrameworkID,
  'mesos.v1.OfferID': readOfferID,
  'mesos.v1.TaskID': readTaskID,
  'mesos.v1.Label': readLabel,
  'mesos.v1.Labels': readLabels,
  'mesos.v1.Resource': readResource,
  'mesos.v1.Resource.AllocationInfo': readResourceAllocationInfo,
  'mesos.v1.Resource.ReservationInfo': readResourceReservationInfo,
  'mesos.v1.Value.Range': readValueRange,
  'mesos.v1.Value.Ranges': readValueRanges,
  'mesos.v1.Value.Scalar': readValueScalar,
  'mesos.v1.Value.Set': readValueSet,
  'mesos.v1.Value.Text': readValueText,
  'mesos.v1.Address': readAddress,
  'mesos.v1.Attribute': readAttribute,
  'mesos.v1.ContainerStatus': readContainerStatus,
  'mesos.v1.DomainInfo': readDomainInfo,
  'mesos.v1.DomainInfo.FaultDomain': readDomainInfoFaultDomain,
  'mesos.v1.DomainInfo.FaultDomain.RegionInfo': readDomainInfoFaultDomainRegionInfo,
  'mesos.v1.DomainInfo.FaultDomain.ZoneInfo': readDomainInfoFaultDomainZoneInfo,
  'mesos.v1.NetworkInfo': readNetworkInfo,
  'mesos.v1.NetworkInfo.IPAddress': readNetworkInfoIPAddress,
  'mesos.v1.Offer': readOffer,
  'mesos.v1.TaskStatus': readTaskStatus,
  'mesos.v1.URL': readURL,
}
