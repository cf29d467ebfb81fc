/** Resources as the operator API shows them. */
import type { Resource } from '../../mesos/types.generated.ts'
import { sumResources } from './sum-resources.ts'

/** Sums of scalars by name, reserved ones and volumes included. */
export function quantitiesOf(resources: readonly Resource[]): Resource[] {
  const scalars = resources.flatMap(({ name, scalar }): Resource[] =>
    scalar === undefined ? [] : [{ name, type: 'SCALAR', scalar }],
  )
  return sumResources(scalars).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Resources as in Mesos' endpoints: summed, unreserved ones with role `*`. */
export function toEndpointFormat(resources: readonly Resource[]): Resource[] {
  return sumResources(
    resources.map((resource) =>
      (resource.reservations ?? []).length > 0 || resource.role !== undefined
        ? resource
        : { ...resource, role: '*' },
    ),
  )
}
