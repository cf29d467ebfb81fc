import type { AgentAt, ClusterAt } from '../../../protocol/lens-views.ts'
import { countOf, countText } from '../../text/figures.ts'

const maxHosts = 1000

/** Hosts, each with its executors and the number of their tasks. */
export function Hosts({ cluster }: { readonly cluster: ClusterAt | undefined }) {
  const agents = cluster?.agents ?? []
  if (agents.length === 0) return <p class="empty">No agent has a task or an offer here.</p>
  const most = Math.max(1, ...agents.map(tasksOn))
  return (
    <>
      <ul class="hosts">
        {agents.slice(0, maxHosts).map((agent) => (
          <li key={agent.id} class={agent.isReachable ? 'host' : 'host away'}>
            <h2>
              {agent.host}
              {!agent.isReachable && <span class="tag bad">unreachable</span>}
            </h2>
            <p class="dim">
              <code>{agent.id}</code>
            </p>
            <div class="load" aria-hidden="true">
              <i style={{ width: `${(tasksOn(agent) / most) * 100}%` }} />
            </div>
            <p class="dim">{countOf(tasksOn(agent), 'task')}</p>
            <ul class="executors">
              {agent.executors.slice(0, 50).map(({ id, tasks }) => (
                <li key={id}>
                  <code>{id}</code>
                  <span class="dim">{countText(tasks)}</span>
                </li>
              ))}
            </ul>
            {agent.executors.length > 50 && (
              <p class="dim">and {countOf(agent.executors.length - 50, 'executor')} more</p>
            )}
          </li>
        ))}
      </ul>
      {agents.length > maxHosts && (
        <p class="empty">and {countText(agents.length - maxHosts)} more</p>
      )}
    </>
  )
}

function tasksOn({ executors }: AgentAt): number {
  return executors.reduce((sum, { tasks }) => sum + tasks, 0)
}
