/** A machine as plain data: its nested states and their transitions. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { defined } from '../../defined.ts'
import { transitionKeyOf } from '../transition-key.ts'
import { describeAction, describeGuard } from './describe.ts'
import type { ChartAction, DescribeAction } from './describe.ts'

export interface MachineChart {
  readonly root: ChartState
  /** Transitions that leave their state, in the order of the document. */
  readonly edges: readonly ChartTransition[]
}

export interface ChartState {
  readonly id: string
  readonly key: string
  readonly type: AnyStateNode['type']
  readonly description?: string
  readonly entry: readonly ChartAction[]
  readonly exit: readonly ChartAction[]
  readonly invoked: readonly { readonly id: string; readonly src: string }[]
  readonly initial?: string
  /** Transitions that stay where they are: no target, or the state itself. */
  readonly internal: readonly ChartTransition[]
  readonly states: readonly ChartState[]
  /** What is inside is not drawn. */
  readonly isCollapsed?: boolean
}

export interface ChartTransition {
  readonly key: string
  readonly kind: 'event' | 'after' | 'always' | 'done' | 'error' | 'snapshot'
  /** For people: `giveUp` of `after giveUp`, `jarServer` of `done jarServer`. */
  readonly event: string
  readonly guard?: string
  readonly actions: readonly ChartAction[]
  readonly source: string
  readonly target?: string
  /** Of a collapsed state: the target inside it. */
  readonly into?: string
  readonly description?: string
  readonly reenters: boolean
}

/** The chart of `machine`. `describe` names its actions; by default by what XState knows. */
export function chartOf(
  machine: AnyStateMachine,
  describe: DescribeAction = describeAction,
): MachineChart {
  const edges: ChartTransition[] = []
  const visit = (node: AnyStateNode): ChartState => {
    const transitions = transitionsOf(node, describe)
    edges.push(...transitions.filter((transition) => !stays(transition)))
    // From the config: XState adds the start and end of timers to the node.
    const { entry, exit } = node.config
    return {
      id: node.id,
      key: node.key,
      type: node.type,
      ...defined({ description: node.description }),
      entry: listOf(entry).map(describe),
      exit: listOf(exit).map(describe),
      invoked: node.invoke.map(({ id, src }) => ({
        id,
        src: typeof src === 'string' ? src : 'inline',
      })),
      ...defined({ initial: initialOf(node) }),
      internal: transitions.filter(stays),
      states: Object.values(node.states).map(visit),
    }
  }
  return { root: visit(machine.root), edges }
}

/** A state and all states inside it, in the order of the document. */
export function statesOf(state: ChartState): readonly ChartState[] {
  return [state, ...state.states.flatMap(statesOf)]
}

function initialOf({ initial, type }: AnyStateNode): string | undefined {
  // A machine without states has itself as an initial target.
  return type === 'compound' ? initial.target[0]?.id : undefined
}

function listOf(actions: unknown): readonly unknown[] {
  return [actions ?? []].flat()
}

function transitionsOf(node: AnyStateNode, describe: DescribeAction): readonly ChartTransition[] {
  const groups = [...node.transitions.values(), node.always ?? []]
  return groups.flatMap((group) =>
    group.map((transition: AnyTransitionDefinition, index: number) => {
      const target = transition.target?.[0]
      const otherwise = index > 0 ? 'else' : undefined
      return {
        key: transitionKeyOf(transition),
        ...triggerOf(transition, node),
        ...defined({ guard: describeGuard(transition.guard) ?? otherwise, target: target?.id }),
        actions: transition.actions.map(describe),
        source: node.id,
        ...defined({ description: transition.description }),
        reenters: target === node && transition.reenter,
      }
    }),
  )
}

function stays({ source, target }: ChartTransition): boolean {
  return target === undefined || target === source
}

/** `kind` and `event` for people, in place of XState's own names. */
function triggerOf(
  { eventType, ...transition }: AnyTransitionDefinition,
  node: AnyStateNode,
): Pick<ChartTransition, 'kind' | 'event'> {
  if (eventType === '') return { kind: 'always', event: '' }
  const { delay } = transition as { readonly delay?: unknown }
  if (delay !== undefined) {
    return { kind: 'after', event: typeof delay === 'number' ? `${delay} ms` : (delay as string) }
  }
  if (eventType === `xstate.done.state.${node.id}`) return { kind: 'done', event: '' }
  const [, kind, child = ''] =
    /^xstate\.(done|error|snapshot)\.(?:actor\.)?(.*)$/.exec(eventType) ?? []
  if (kind === undefined) return { kind: 'event', event: eventType }
  return { kind: kind as ChartTransition['kind'], event: child === '*' ? 'any child' : child }
}
