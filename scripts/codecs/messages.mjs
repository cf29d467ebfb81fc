/**
 * The messages that a scheduler reads by the thousand: they get readers of their own. Fields whose
 * messages are not here are read by plan: src/mesos/json-reader.ts, protobuf-reader.ts. `own`
 * messages have texts that hardly come twice.
 */
const frequent = {
  'scheduler.Event': {},
  'scheduler.Event.Offers': {},
  'scheduler.Event.Rescind': {},
  'scheduler.Event.Update': {},
  AgentID: {},
  Address: {},
  Attribute: {},
  ContainerID: {},
  ContainerStatus: {},
  DomainInfo: {},
  'DomainInfo.FaultDomain': {},
  'DomainInfo.FaultDomain.RegionInfo': {},
  'DomainInfo.FaultDomain.ZoneInfo': {},
  ExecutorID: {},
  FrameworkID: {},
  Label: {},
  Labels: {},
  NetworkInfo: {},
  'NetworkInfo.IPAddress': {},
  Offer: {},
  OfferID: { own: true },
  Resource: {},
  'Resource.AllocationInfo': {},
  'Resource.ReservationInfo': {},
  TaskID: {},
  TaskStatus: {},
  URL: {},
  'Value.Range': {},
  'Value.Ranges': {},
  'Value.Scalar': {},
  'Value.Set': {},
  'Value.Text': {},
}

/** Unlike other texts of their messages, these are seldom the same twice. */
const ownFields = new Set(['mesos.v1.TaskStatus.message'])

/**
 * What a generator of readers needs: per message its names, and its fields in order of their
 * numbers with the kind of each.
 */
export function frequentMessages(root, unions) {
  const names = Object.keys(frequent).map((name) => `mesos.v1.${name}`)
  return names.map((fullName) => {
    const type = root.lookupType(fullName)
    const { own = false } = frequent[fullName.slice('mesos.v1.'.length)]
    const fields = type.fieldsArray
      .map((field) => fieldOf(field, names, own))
      .filter((field) => field !== undefined)
      .sort((one, other) => one.id - other.id)
    const union = unions[`.${fullName}`]
    return { fullName, reader: readerOf(fullName), fields, union, bodies: bodiesOf(type, union) }
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
function fieldOf(field, names, own) {
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
    isOwn: own || ownFields.has(field.fullName.slice(1)),
  }
}

function readerOf(fullName) {
  return `read${fullName.slice('mesos.v1.'.length).replace(/(?:^|\.)(.)/g, (_, letter) => letter.toUpperCase())}`
}

function camelCase(name) {
  return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
}
