/**
 * Resources as Mesos prints them in its answers.
 * Source: apache/mesos src/common/resources.cpp (operator<<).
 */
import { defined } from '../../defined.ts'
import type {
  Resource,
  ResourceDiskInfo,
  ResourceReservationInfo,
} from '../../mesos/types.generated.ts'
import { toResources } from './resources.ts'
import type { Amounts } from './resources.ts'

/**
 * Prints `cpus(allocated: *):1.8; ports(allocated: *):[31000-32000]`; `{}` if empty; without
 * allocation if `role` is undefined.
 */
export function formatAmounts(amounts: Amounts, role?: string): string {
  return formatResources(
    toResources(amounts, defined({ allocationInfo: role === undefined ? undefined : { role } })),
  )
}

export function formatResources(resources: readonly Resource[]): string {
  return resources.length === 0 ? '{}' : resources.map(formatResource).join('; ')
}

/** `disk(allocated: a)(reservations: [(DYNAMIC,a,p)])[id:path]:100`. */
export function formatResource(resource: Resource): string {
  const { allocationInfo, disk, name, reservations = [], revocable, shared } = resource
  return [
    name,
    allocationInfo === undefined ? '' : `(allocated: ${allocationInfo.role ?? ''})`,
    reservations.length === 0
      ? ''
      : `(reservations: [${reservations.map(formatReservation).join(',')}])`,
    disk === undefined ? '' : `[${formatDisk(disk)}]`,
    revocable === undefined ? '' : '{REV}',
    shared === undefined ? '' : '<SHARED>',
    ':',
    formatValue(resource),
  ].join('')
}

function formatReservation(reservation: ResourceReservationInfo): string {
  const { labels, principal, role, type } = reservation
  const text = labels?.labels
    ?.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`))
    .join(', ')
  const parts = [type, role, principal, text === undefined ? undefined : `{${text}}`]
  return `(${parts.filter((part) => part !== undefined).join(',')})`
}

function formatDisk({ persistence, source, volume }: ResourceDiskInfo): string {
  const root = source?.path?.root ?? source?.mount?.root
  const origin = source && `${source.type}${root === undefined ? '' : `:${root}`}`
  const identity = [origin, persistence?.id].filter((part) => part !== undefined).join(',')
  return volume === undefined ? identity : `${identity}:${volume.containerPath}`
}

function formatValue({ ranges, scalar, set, type }: Resource): string {
  if (type === 'SCALAR') return String(Math.round((scalar?.value ?? 0) * 1000) / 1000)
  if (type === 'SET') return `{${(set?.item ?? []).join(', ')}}`
  return `[${(ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`
}
