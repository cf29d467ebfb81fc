/** The place of an operation, for its checks. */
import type { FrameworkInfo, Resource } from '../../../mesos/types.generated.ts'
import { findResourcesError } from '../../resources/resource-validation.ts'
import type { Amounts } from '../../resources/resources.ts'

export interface OperationSite {
  readonly framework: FrameworkInfo
  readonly role: string
  /** The agent's total resources. */
  readonly total: Amounts
  /** The resources of every framework's tasks and executors there. */
  readonly used: readonly Amounts[]
}

export function findListError(resources: readonly Resource[]): string | undefined {
  return prefixed(
    'Invalid resources: ',
    findResourcesError(resources) ?? findProviderError(resources),
  )
}

/** An empty list is refused too. */
function findProviderError(resources: readonly Resource[]): string | undefined {
  const providers = new Set(resources.map(({ providerId }) => providerId?.value))
  if (providers.size === 1) return undefined
  return providers.has(undefined)
    ? 'Some resources have a resource provider and some do not'
    : `The resources have multiple resource providers: ${[...providers].join(', ')}`
}

export function prefixed(prefix: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : prefix + error
}
