/**
 * The messages that a scheduler reads and writes by the thousand: they get readers and writers of
 * their own. Fields whose messages are not here go by plan: src/mesos/encoding/json-reader.ts,
 * protobuf-reader.ts, json-writer.ts, protobuf-writer.ts.
 */
const ids = ['AgentID', 'ContainerID', 'ExecutorID', 'FrameworkID', 'OfferID', 'TaskID']
const resources = [
  'Label',
  'Labels',
  'Resource',
  'Resource.AllocationInfo',
  'Resource.ReservationInfo',
  'Value.Range',
  'Value.Ranges',
  'Value.Scalar',
  'Value.Set',
  'Value.Text',
]

/** Messages of events, for readers. */
export const readMessages = [
  'scheduler.Event',
  'scheduler.Event.Offers',
  'scheduler.Event.Rescind',
  'scheduler.Event.Update',
  ...ids,
  ...resources,
  'Address',
  'Attribute',
  'ContainerStatus',
  'DomainInfo',
  'DomainInfo.FaultDomain',
  'DomainInfo.FaultDomain.RegionInfo',
  'DomainInfo.FaultDomain.ZoneInfo',
  'NetworkInfo',
  'NetworkInfo.IPAddress',
  'Offer',
  'TaskStatus',
  'URL',
]

/** Messages of calls, for writers. */
export const writtenMessages = [
  'scheduler.Call',
  'scheduler.Call.Accept',
  'scheduler.Call.Acknowledge',
  'scheduler.Call.Decline',
  ...ids,
  ...resources,
  'CommandInfo',
  'CommandInfo.URI',
  'DurationInfo',
  'Environment',
  'Environment.Variable',
  'ExecutorInfo',
  'Filters',
  'KillPolicy',
  'Offer.Operation',
  'Offer.Operation.Launch',
  'Offer.Operation.LaunchGroup',
  'TaskGroupInfo',
  'TaskInfo',
]

/** Texts that are seldom the same twice. */
const ownFields = new Set(['mesos.v1.OfferID.value', 'mesos.v1.TaskStatus.message'])

/** The same objects in all tasks of a LAUNCH: writers of tasks keep the bytes of each. */
const sharedFields = ['mesos.v1.TaskInfo.agent_id', 'mesos.v1.TaskInfo.executor']

/**
 * What a generator needs: per message its names, its fields in order of their numbers with the kind
 * of each, and the names in memory of its other fields.
 */
export function frequentMessages(root, unions, messages) {
  const names = messages.map((name) => `mesos.v1.${name}`)
  return names.map((fullName) => {
    const type = root.lookupType(fullName)
    const all = type.fieldsArray.toSorted((one, other) => one.id - other.id)
    const fields = all.map((field) => fieldOf(field, names)).filter((field) => field !== undefined)
    const others = all
      .filter(({ id }) => !fields.some((field) => field.id === id))
      .map(({ name }) => camelCase(name))
    const union = unions[`.${fullName}`]
    return {
      fullName,
      reader: readerOf(fullName),
      fields,
      others,
      union,
      bodies: bodiesOf(type, union),
    }
  })
}

/** By type of a union: the field that must come with it, empty for none. */
function bodiesOf(type, union) {
  if (union === undefined) return {}
  const { bare = [] } = union
  const values = Object.keys(type.fields.type.resolvedType.values).filter(
    (one) => one !== 'UNKNOWN',
  )
  return Object.fromEntries(
    values.map((value) => {
      const name = value.toLowerCase()
      return [value, type.fields[name] && !bare.includes(value) ? camelCase(name) : '']
    }),
  )
}

/** Undefined for a field that is read by plan. */
function fieldOf(field, names) {
  const { id, name, required, repeated, resolvedType } = field
  const target = resolvedType?.fullName.slice(1)
  if (field.map || field.partOf) return undefined
  const isMessage = resolvedType !== null && resolvedType.fields !== undefined
  if (isMessage && !names.includes(target)) return undefined
  return {
    id,
    wireName: name,
    name: camelCase(name),
    required,
    repeated,
    kind: isMessage ? 'message' : resolvedType ? 'enum' : field.type,
    target,
    reader: isMessage ? readerOf(target) : undefined,
    // It contains itself.
    isNested: target === field.parent.fullName.slice(1),
    isOwn: ownFields.has(field.fullName.slice(1)),
    shared: sharedFields.indexOf(field.fullName.slice(1)),
  }
}

function readerOf(fullName) {
  return `read${fullName.slice('mesos.v1.'.length).replace(/(?:^|\.)(.)/g, (_, letter) => letter.toUpperCase())}`
}

function camelCase(name) {
  return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
}
