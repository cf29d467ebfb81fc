/** The agents of a master that meet constraints. */
import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import { compileConstraints } from '../../machines/scheduler/offers/matching/compiled-constraints.ts'
import type { Attribute, Offer } from '../../mesos/types.generated.ts'

/** As the master describes it. Source: apache/mesos docs/endpoints/master/slaves.md. */
export interface AgentSummary {
  readonly hostname: string
  /** Attributes as Mesos prints them: a number, a text, `[1-5,9-9]`, or `{a,b}`. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly region?: string | undefined
  readonly zone?: string | undefined
}

/** Host names, each once. Counting rules, such as `unique`, ask only for the field that they count. */
export function agentsWith(
  agents: readonly AgentSummary[],
  constraints: TaskConstraints,
): readonly string[] {
  const { admits } = compileConstraints(constraints)
  const names = agents.filter((agent) => admits(offerOf(agent))).map(({ hostname }) => hostname)
  return [...new Set(names)].toSorted()
}

function offerOf({ hostname, attributes, region, zone }: AgentSummary): Offer {
  return {
    id: { value: '' },
    frameworkId: { value: '' },
    agentId: { value: '' },
    hostname,
    attributes: Object.entries(attributes).map(attributeOf),
    ...(region !== undefined &&
      zone !== undefined && {
        domain: { faultDomain: { region: { name: region }, zone: { name: zone } } },
      }),
  }
}

function attributeOf([name, value]: readonly [string, unknown]): Attribute {
  if (typeof value === 'number') return { name, type: 'SCALAR', scalar: { value } }
  const text = String(value)
  const [, items] = /^\{(.*)\}$/.exec(text) ?? []
  if (items !== undefined) return { name, type: 'SET', set: { item: items.split(',') } }
  const [, ranges] = /^\[(\d.*)\]$/.exec(text) ?? []
  if (ranges !== undefined) return { name, type: 'RANGES', ranges: { range: rangesIn(ranges) } }
  return { name, type: 'TEXT', text: { value: text } }
}

function rangesIn(text: string) {
  return text.split(',').map((range) => {
    const [begin = '0', end = begin] = range.split('-')
    return { begin: Number(begin), end: Number(end) }
  })
}
