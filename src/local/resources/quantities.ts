/** Resources as the operator API shows them. */
import type { Resource } from '../../mesos/types.generated.ts'
import { sumResources } from './sum-resources.ts'

/** Scalars alone, by name: reservations and volumes count as what they are made of. */
export function quantitiesOf(resources: readonly Resource[]): Resource[] {
  const scalars = resources.flatMap(({ name, scalar }): Resource[] =>
    scalar === undefined ? [] : [{ name, type: 'SCALAR', scalar }],
  )
  return sumResources(scalars).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * As endpoints show resources: summed, and unreserved ones with the role `*` that Mesos left out
 * long ago.
 */
export function toEndpointFormat(resources: readonly Resource[]): Resource[] {
  return sumResources(
    resources.map((resource) =>
      (resource.reservations ?? []).length > 0 || resource.role !== undefined
        ? resource
        : { ...resource, role: '*' },
    ),
  )
}
