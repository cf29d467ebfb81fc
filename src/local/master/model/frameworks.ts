/**
 * Frameworks and roles in answers of the operator API.
 * Source: apache/mesos src/master/readonly_handler.cpp.
 */
import { defined } from '../../../defined.ts'
import type {
  MasterResponseGetFrameworks,
  MasterResponseGetFrameworksFramework,
  Offer,
  Resource,
  Role,
} from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { quantitiesOf, toEndpointFormat } from '../../resources/quantities.ts'
import { toTimeInfo } from '../../time/time-info.ts'
import type { Framework, MasterState } from '../state/master-state.ts'
import { isOfRole, offersByHolder, usedBy } from './holdings.ts'

export function getFrameworks(master: MasterState): MasterResponseGetFrameworks {
  const outstanding = offersByHolder(master)
  return {
    frameworks: [...master.frameworks.values()].map((framework) =>
      describeFramework(framework, outstanding.ofFramework.get(framework.id)),
    ),
    completedFrameworks: master.completedFrameworks.map((framework) =>
      describeFramework(framework, []),
    ),
  }
}

/** `offers`: outstanding offers to the framework. */
export function describeFramework(
  framework: Framework,
  offers: readonly Offer[] = [],
): MasterResponseGetFrameworksFramework {
  const allocatedResources = toEndpointFormat(usedBy(framework))
  const offeredResources = toEndpointFormat(offers.flatMap(({ resources = [] }) => resources))
  const { id, info, registeredAt, reregisteredAt, stream, unregisteredAt } = framework
  return {
    frameworkInfo: { ...info, id: { value: id } },
    active: stream !== undefined,
    connected: stream !== undefined,
    recovered: framework.isRecovered,
    registeredTime: toTimeInfo(registeredAt),
    reregisteredTime: toTimeInfo(reregisteredAt),
    ...defined({
      unregisteredTime: unregisteredAt === undefined ? undefined : toTimeInfo(unregisteredAt),
    }),
    ...(offers.length === 0 ? {} : { offers }),
    ...(allocatedResources.length === 0 ? {} : { allocatedResources }),
    ...(offeredResources.length === 0 ? {} : { offeredResources }),
    offerConstraints: framework.offerConstraints ?? {},
  }
}

export function getRoles(master: MasterState): readonly Role[] {
  const { ofFramework } = offersByHolder(master)
  const roles = new Map<string, { frameworks: string[]; held: Resource[] }>()
  for (const framework of master.frameworks.values()) {
    const offered = (ofFramework.get(framework.id) ?? []).flatMap(
      ({ resources }) => resources ?? [],
    )
    for (const name of rolesOf(framework.info)) {
      const role = roles.get(name) ?? { frameworks: [], held: [] }
      role.frameworks.push(framework.id)
      role.held.push(...[...usedBy(framework), ...offered].filter((each) => isOfRole(each, name)))
      roles.set(name, role)
    }
  }
  return [...roles].sort(byName).map(([name, { frameworks, held }]) => ({
    name,
    weight: 1,
    frameworks: frameworks.map((value) => ({ value })),
    resources: quantitiesOf(held),
  }))
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
