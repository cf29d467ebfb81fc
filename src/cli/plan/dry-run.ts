/** `--dry-run`: stages the libraries, reads the agents, and shows what would happen. */
import { defined } from '../../defined.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import type { Delivery } from '../../domain/tasks/executors.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { prepareShipment } from '../../framework/delivery/shipment.ts'
import type { FrameworkProgress } from '../../framework/facts/events.ts'
import type { FrameworkOptions } from '../../framework/options/options.ts'
import { toSettings } from '../../framework/options/settings.ts'
import { jsonEvent } from '../output/json-event.ts'
import { openTerminal } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { planAgents, planTasks } from './make-plan.ts'
import type { Plan } from './make-plan.ts'
import { printPlan } from './print-plan.ts'
import { readAgents } from '../../framework/agents/read-agents.ts'

/**
 * Prints the plan on stdout and launches nothing. Resolves with the exit status: 1 if a task fits no
 * agent. Rejects as staging and `readAgents` do.
 */
export async function showPlan(
  options: FrameworkOptions,
  tasks: readonly TaskRequest[],
  isJson: boolean,
): Promise<number> {
  const { journal: _, ...settings } = toSettings(options)
  let conflicts: ClassPathReport | undefined
  const shipment = await prepareShipment(
    { ...settings, journal: undefined },
    (progress: FrameworkProgress) => {
      if (progress.type === 'classPath.conflicts') conflicts = progress
    },
  )
  try {
    const { offers } = await readAgents(settings)
    const resources = settings.executor.resources
    const delivery: Delivery | undefined =
      shipment !== undefined && settings.delivery === 'executor'
        ? { executor: { name: 'jarcast', command: {}, resources } }
        : undefined
    const plan: Plan = {
      libraries: (shipment?.libraries.set.libraries ?? []).map(
        ({ name, kind, sizeBytes, sha256 }) => {
          return { name, kind, sizeBytes, sha256 }
        },
      ),
      ...defined({ conflicts }),
      tasks: planTasks(tasks, offers, delivery),
      agents: planAgents(offers),
    }
    const terminal = openTerminal(process.stdout)
    if (isJson) terminal.print(jsonEvent('plan', plan))
    else printPlan(plan, terminal)
    return plan.tasks.some(({ fits }) => fits === 'never') ? exitStatuses.failed : exitStatuses.ok
  } finally {
    await shipment?.remove()
  }
}
