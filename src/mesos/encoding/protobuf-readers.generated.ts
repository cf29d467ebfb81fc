// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

import type { ProtobufScanner } from './scan/protobuf-scanner.ts'
import { shapeOf } from './scan/shape-of.ts'
import { unusual } from './scan/unusual.ts'
import { enumOf } from './schema.ts'
import type { PlainMessage } from './schema.ts'

/** Reads one message; throws `unusual` if this is left to reading by plan. */
export type Read = (scanner: ProtobufScanner, stop: number) => PlainMessage

const schedulerEventType = enumOf('mesos.v1.scheduler.Event.Type').byNumber

const valueType = enumOf('mesos.v1.Value.Type').byNumber

const resourceReservationInfoType = enumOf('mesos.v1.Resource.ReservationInfo.Type').byNumber

const networkInfoProtocol = enumOf('mesos.v1.NetworkInfo.Protocol').byNumber

const taskState = enumOf('mesos.v1.TaskState').byNumber

const taskStatusSource = enumOf('mesos.v1.TaskStatus.Source').byNumber

const taskStatusReason = enumOf('mesos.v1.TaskStatus.Reason').byNumber

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

function readSchedulerEvent(scanner: ProtobufScanner, stop: number): PlainMessage {
  let type: unknown
  let offers: unknown
  let rescind: unknown
  let update: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 8:
        type = scanner.name(schedulerEventType)
        break
      case 26:
        if (offers !== undefined) throw unusual
        offers = readSchedulerEventOffers(scanner, scanner.endOfNext(stop))
        break
      case 34:
        if (rescind !== undefined) throw unusual
        rescind = readSchedulerEventRescind(scanner, scanner.endOfNext(stop))
        break
      case 42:
        if (update !== undefined) throw unusual
        update = readSchedulerEventUpdate(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new SchedulerEvent(type, offers, rescind, update)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event', plain, others)
  const body = schedulerEventBodies[String(plain['type'])]
  if (body === undefined || (body !== '' && plain[body] === undefined)) throw unusual
  return plain
}

function readSchedulerEventOffers(scanner: ProtobufScanner, stop: number): PlainMessage {
  let offers: unknown[] | undefined
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (offers === undefined) offers = [readOffer(scanner, scanner.endOfNext(stop))]
        else offers.push(readOffer(scanner, scanner.endOfNext(stop)))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new SchedulerEventOffers(offers)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Offers', plain, others)
  return plain
}

function readSchedulerEventRescind(scanner: ProtobufScanner, stop: number): PlainMessage {
  let offerId: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (offerId !== undefined) throw unusual
        offerId = readOfferID(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (offerId === undefined) throw unusual
  const plain = new SchedulerEventRescind(offerId)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Rescind', plain, others)
  return plain
}

function readSchedulerEventUpdate(scanner: ProtobufScanner, stop: number): PlainMessage {
  let status: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (status !== undefined) throw unusual
        status = readTaskStatus(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (status === undefined) throw unusual
  const plain = new SchedulerEventUpdate(status)
  if (others !== undefined) scanner.addOthers('mesos.v1.scheduler.Event.Update', plain, others)
  return plain
}

function readAgentID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new AgentID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.AgentID', plain, others)
  return plain
}

function readContainerID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let parent: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      case 18:
        if (parent !== undefined) throw unusual
        scanner.goDown()
        parent = readContainerID(scanner, scanner.endOfNext(stop))
        scanner.goUp()
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new ContainerID(value, parent)
  if (others !== undefined) scanner.addOthers('mesos.v1.ContainerID', plain, others)
  return plain
}

function readExecutorID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new ExecutorID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.ExecutorID', plain, others)
  return plain
}

function readFrameworkID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new FrameworkID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.FrameworkID', plain, others)
  return plain
}

function readOfferID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.ownText(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new OfferID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.OfferID', plain, others)
  return plain
}

function readTaskID(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new TaskID(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.TaskID', plain, others)
  return plain
}

function readLabel(scanner: ProtobufScanner, stop: number): PlainMessage {
  let key: unknown
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        key = scanner.text(stop)
        break
      case 18:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (key === undefined) throw unusual
  const plain = new Label(key, value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Label', plain, others)
  return plain
}

function readLabels(scanner: ProtobufScanner, stop: number): PlainMessage {
  let labels: unknown[] | undefined
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (labels === undefined) labels = [readLabel(scanner, scanner.endOfNext(stop))]
        else labels.push(readLabel(scanner, scanner.endOfNext(stop)))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new Labels(labels)
  if (others !== undefined) scanner.addOthers('mesos.v1.Labels', plain, others)
  return plain
}

function readResource(scanner: ProtobufScanner, stop: number): PlainMessage {
  let name: unknown
  let type: unknown
  let scalar: unknown
  let ranges: unknown
  let set: unknown
  let role: unknown
  let reservation: unknown
  let allocationInfo: unknown
  let reservations: unknown[] | undefined
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        name = scanner.text(stop)
        break
      case 16:
        type = scanner.name(valueType)
        break
      case 26:
        if (scalar !== undefined) throw unusual
        scalar = readValueScalar(scanner, scanner.endOfNext(stop))
        break
      case 34:
        if (ranges !== undefined) throw unusual
        ranges = readValueRanges(scanner, scanner.endOfNext(stop))
        break
      case 42:
        if (set !== undefined) throw unusual
        set = readValueSet(scanner, scanner.endOfNext(stop))
        break
      case 50:
        role = scanner.text(stop)
        break
      case 66:
        if (reservation !== undefined) throw unusual
        reservation = readResourceReservationInfo(scanner, scanner.endOfNext(stop))
        break
      case 90:
        if (allocationInfo !== undefined) throw unusual
        allocationInfo = readResourceAllocationInfo(scanner, scanner.endOfNext(stop))
        break
      case 106:
        if (reservations === undefined) reservations = [readResourceReservationInfo(scanner, scanner.endOfNext(stop))]
        else reservations.push(readResourceReservationInfo(scanner, scanner.endOfNext(stop)))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (name === undefined || type === undefined) throw unusual
  const plain = new Resource(name, type, scalar, ranges, set, role, reservation, allocationInfo, reservations)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource', plain, others)
  return plain
}

function readResourceAllocationInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let role: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        role = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new ResourceAllocationInfo(role)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource.AllocationInfo', plain, others)
  return plain
}

function readResourceReservationInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let principal: unknown
  let labels: unknown
  let role: unknown
  let type: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        principal = scanner.text(stop)
        break
      case 18:
        if (labels !== undefined) throw unusual
        labels = readLabels(scanner, scanner.endOfNext(stop))
        break
      case 26:
        role = scanner.text(stop)
        break
      case 32:
        type = scanner.name(resourceReservationInfoType)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new ResourceReservationInfo(principal, labels, role, type)
  if (others !== undefined) scanner.addOthers('mesos.v1.Resource.ReservationInfo', plain, others)
  return plain
}

function readValueRange(scanner: ProtobufScanner, stop: number): PlainMessage {
  let begin: unknown
  let end: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 8:
        begin = scanner.integer(Number.MAX_SAFE_INTEGER)
        break
      case 16:
        end = scanner.integer(Number.MAX_SAFE_INTEGER)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (begin === undefined || end === undefined) throw unusual
  const plain = new ValueRange(begin, end)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Range', plain, others)
  return plain
}

function readValueRanges(scanner: ProtobufScanner, stop: number): PlainMessage {
  let range: unknown[] | undefined
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (range === undefined) range = [readValueRange(scanner, scanner.endOfNext(stop))]
        else range.push(readValueRange(scanner, scanner.endOfNext(stop)))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new ValueRanges(range)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Ranges', plain, others)
  return plain
}

function readValueScalar(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 9:
        value = scanner.double(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new ValueScalar(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Scalar', plain, others)
  return plain
}

function readValueSet(scanner: ProtobufScanner, stop: number): PlainMessage {
  let item: unknown[] | undefined
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (item === undefined) item = [scanner.text(stop)]
        else item.push(scanner.text(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new ValueSet(item)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Set', plain, others)
  return plain
}

function readValueText(scanner: ProtobufScanner, stop: number): PlainMessage {
  let value: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        value = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (value === undefined) throw unusual
  const plain = new ValueText(value)
  if (others !== undefined) scanner.addOthers('mesos.v1.Value.Text', plain, others)
  return plain
}

function readAddress(scanner: ProtobufScanner, stop: number): PlainMessage {
  let hostname: unknown
  let ip: unknown
  let port: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        hostname = scanner.text(stop)
        break
      case 18:
        ip = scanner.text(stop)
        break
      case 24:
        port = scanner.integer(2_147_483_647)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (port === undefined) throw unusual
  const plain = new Address(hostname, ip, port)
  if (others !== undefined) scanner.addOthers('mesos.v1.Address', plain, others)
  return plain
}

function readAttribute(scanner: ProtobufScanner, stop: number): PlainMessage {
  let name: unknown
  let type: unknown
  let scalar: unknown
  let ranges: unknown
  let text: unknown
  let set: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        name = scanner.text(stop)
        break
      case 16:
        type = scanner.name(valueType)
        break
      case 26:
        if (scalar !== undefined) throw unusual
        scalar = readValueScalar(scanner, scanner.endOfNext(stop))
        break
      case 34:
        if (ranges !== undefined) throw unusual
        ranges = readValueRanges(scanner, scanner.endOfNext(stop))
        break
      case 42:
        if (text !== undefined) throw unusual
        text = readValueText(scanner, scanner.endOfNext(stop))
        break
      case 50:
        if (set !== undefined) throw unusual
        set = readValueSet(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (name === undefined || type === undefined) throw unusual
  const plain = new Attribute(name, type, scalar, ranges, text, set)
  if (others !== undefined) scanner.addOthers('mesos.v1.Attribute', plain, others)
  return plain
}

function readContainerStatus(scanner: ProtobufScanner, stop: number): PlainMessage {
  let networkInfos: unknown[] | undefined
  let executorPid: unknown
  let containerId: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (networkInfos === undefined) networkInfos = [readNetworkInfo(scanner, scanner.endOfNext(stop))]
        else networkInfos.push(readNetworkInfo(scanner, scanner.endOfNext(stop)))
        break
      case 24:
        executorPid = scanner.integer(4_294_967_295)
        break
      case 34:
        if (containerId !== undefined) throw unusual
        containerId = readContainerID(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new ContainerStatus(networkInfos, executorPid, containerId)
  if (others !== undefined) scanner.addOthers('mesos.v1.ContainerStatus', plain, others)
  return plain
}

function readDomainInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let faultDomain: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (faultDomain !== undefined) throw unusual
        faultDomain = readDomainInfoFaultDomain(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new DomainInfo(faultDomain)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo', plain, others)
  return plain
}

function readDomainInfoFaultDomain(scanner: ProtobufScanner, stop: number): PlainMessage {
  let region: unknown
  let zone: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (region !== undefined) throw unusual
        region = readDomainInfoFaultDomainRegionInfo(scanner, scanner.endOfNext(stop))
        break
      case 18:
        if (zone !== undefined) throw unusual
        zone = readDomainInfoFaultDomainZoneInfo(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (region === undefined || zone === undefined) throw unusual
  const plain = new DomainInfoFaultDomain(region, zone)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain', plain, others)
  return plain
}

function readDomainInfoFaultDomainRegionInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let name: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        name = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (name === undefined) throw unusual
  const plain = new DomainInfoFaultDomainRegionInfo(name)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain.RegionInfo', plain, others)
  return plain
}

function readDomainInfoFaultDomainZoneInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let name: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        name = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (name === undefined) throw unusual
  const plain = new DomainInfoFaultDomainZoneInfo(name)
  if (others !== undefined) scanner.addOthers('mesos.v1.DomainInfo.FaultDomain.ZoneInfo', plain, others)
  return plain
}

function readNetworkInfo(scanner: ProtobufScanner, stop: number): PlainMessage {
  let groups: unknown[] | undefined
  let labels: unknown
  let ipAddresses: unknown[] | undefined
  let name: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 26:
        if (groups === undefined) groups = [scanner.text(stop)]
        else groups.push(scanner.text(stop))
        break
      case 34:
        if (labels !== undefined) throw unusual
        labels = readLabels(scanner, scanner.endOfNext(stop))
        break
      case 42:
        if (ipAddresses === undefined) ipAddresses = [readNetworkInfoIPAddress(scanner, scanner.endOfNext(stop))]
        else ipAddresses.push(readNetworkInfoIPAddress(scanner, scanner.endOfNext(stop)))
        break
      case 50:
        name = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new NetworkInfo(groups, labels, ipAddresses, name)
  if (others !== undefined) scanner.addOthers('mesos.v1.NetworkInfo', plain, others)
  return plain
}

function readNetworkInfoIPAddress(scanner: ProtobufScanner, stop: number): PlainMessage {
  let protocol: unknown
  let ipAddress: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 8:
        protocol = scanner.name(networkInfoProtocol)
        break
      case 18:
        ipAddress = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  const plain = new NetworkInfoIPAddress(protocol, ipAddress)
  if (others !== undefined) scanner.addOthers('mesos.v1.NetworkInfo.IPAddress', plain, others)
  return plain
}

function readOffer(scanner: ProtobufScanner, stop: number): PlainMessage {
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
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (id !== undefined) throw unusual
        id = readOfferID(scanner, scanner.endOfNext(stop))
        break
      case 18:
        if (frameworkId !== undefined) throw unusual
        frameworkId = readFrameworkID(scanner, scanner.endOfNext(stop))
        break
      case 26:
        if (agentId !== undefined) throw unusual
        agentId = readAgentID(scanner, scanner.endOfNext(stop))
        break
      case 34:
        hostname = scanner.text(stop)
        break
      case 42:
        if (resources === undefined) resources = [readResource(scanner, scanner.endOfNext(stop))]
        else resources.push(readResource(scanner, scanner.endOfNext(stop)))
        break
      case 50:
        if (executorIds === undefined) executorIds = [readExecutorID(scanner, scanner.endOfNext(stop))]
        else executorIds.push(readExecutorID(scanner, scanner.endOfNext(stop)))
        break
      case 58:
        if (attributes === undefined) attributes = [readAttribute(scanner, scanner.endOfNext(stop))]
        else attributes.push(readAttribute(scanner, scanner.endOfNext(stop)))
        break
      case 66:
        if (url !== undefined) throw unusual
        url = readURL(scanner, scanner.endOfNext(stop))
        break
      case 82:
        if (allocationInfo !== undefined) throw unusual
        allocationInfo = readResourceAllocationInfo(scanner, scanner.endOfNext(stop))
        break
      case 90:
        if (domain !== undefined) throw unusual
        domain = readDomainInfo(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (id === undefined || frameworkId === undefined || agentId === undefined || hostname === undefined) throw unusual
  const plain = new Offer(id, frameworkId, agentId, hostname, resources, executorIds, attributes, url, allocationInfo, domain)
  if (others !== undefined) scanner.addOthers('mesos.v1.Offer', plain, others)
  return plain
}

function readTaskStatus(scanner: ProtobufScanner, stop: number): PlainMessage {
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
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        if (taskId !== undefined) throw unusual
        taskId = readTaskID(scanner, scanner.endOfNext(stop))
        break
      case 16:
        state = scanner.name(taskState)
        break
      case 26:
        data = scanner.base64(stop)
        break
      case 34:
        message = scanner.ownText(stop)
        break
      case 42:
        if (agentId !== undefined) throw unusual
        agentId = readAgentID(scanner, scanner.endOfNext(stop))
        break
      case 49:
        timestamp = scanner.double(stop)
        break
      case 58:
        if (executorId !== undefined) throw unusual
        executorId = readExecutorID(scanner, scanner.endOfNext(stop))
        break
      case 64:
        healthy = scanner.bool()
        break
      case 72:
        source = scanner.name(taskStatusSource)
        break
      case 80:
        reason = scanner.name(taskStatusReason)
        break
      case 90:
        uuid = scanner.base64(stop)
        break
      case 98:
        if (labels !== undefined) throw unusual
        labels = readLabels(scanner, scanner.endOfNext(stop))
        break
      case 106:
        if (containerStatus !== undefined) throw unusual
        containerStatus = readContainerStatus(scanner, scanner.endOfNext(stop))
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
  if (taskId === undefined || state === undefined) throw unusual
  const plain = new TaskStatus(taskId, state, data, message, agentId, timestamp, executorId, healthy, source, reason, uuid, labels, containerStatus)
  if (others !== undefined) scanner.addOthers('mesos.v1.TaskStatus', plain, others)
  return plain
}

function readURL(scanner: ProtobufScanner, stop: number): PlainMessage {
  let scheme: unknown
  let address: unknown
  let path: unknown
  let fragment: unknown
  let others: Buffer[] | undefined
  while (scanner.at < stop) {
    const start = scanner.at
    const tag = scanner.varint()
    switch (tag) {
      case 10:
        scheme = scanner.text(stop)
        break
      case 18:
        if (address !== undefined) throw unusual
        address = readAddress(scanner, scanner.endOfNext(stop))
        break
      case 26:
        path = scanner.text(stop)
        break
      case 42:
        fragment = scanner.text(stop)
        break
      default:
        others = scanner.other(others, start, tag, stop)
    }
  }
  if (scanner.at !== stop) throw unusual
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
