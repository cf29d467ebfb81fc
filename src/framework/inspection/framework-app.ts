/** A running framework as an app of the inspector. */
import type { FrameworkLibraries } from '../delivery/library-changes.ts'
import type { Charts } from '../../inspector/chart/charts.ts'
import { drawChart } from '../../inspector/chart/draw-chart.ts'
import { withServer } from '../../inspector/jar-status.ts'
import { openReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import type { ReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import type { ListedApp } from '../../inspector/server/app-table.ts'
import type { App, ControlCommand, Feature } from '../../inspector/protocol/questions.ts'
import { JarcastError } from '../../errors.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import type { JarServer } from '../../server/jar-server.ts'
import { openRecordedPast } from './recorded-past.ts'
import type { LibraryWatch } from './library-watch.ts'
import { exportFeatures, liveLines } from './saved-live-run.ts'
import { pageOf } from './saved-run.ts'
import type { RunToSave } from './saved-run.ts'
import { schedulerLens } from './scheduler-lens.ts'
import type { WatchableRun } from './watchable.ts'

/** What is asked of a framework. */
export interface InspectedFramework {
  readonly jarServer: Pick<JarServer, 'status'> | undefined
  readonly libraries: Pick<FrameworkLibraries, 'add'>
  kill(taskId: string): void
  revive(): void
}

export interface FrameworkAppOptions {
  readonly id: string
  readonly name: string
  readonly charts: Charts
  /** False: the page can only look. */
  readonly isControlled: boolean
  readonly sandbox: App['sandbox']
  readonly watch: LibraryWatch
}

/**
 * Opens the app. A run with a journal is shown from its start, any other from now on; close it with
 * the run.
 */
export function openFrameworkApp(
  framework: InspectedFramework,
  watched: WatchableRun,
  { id, name, charts, isControlled, sandbox, watch }: FrameworkAppOptions,
): ReplayApp & ListedApp {
  const { source, input, startedAt, journal } = watched
  const { readEntries, savedStateAt, from, notes } = openRecordedPast(journal)
  const app = openReplayApp({
    id,
    name,
    machine: schedulerMachine,
    input,
    startedAt,
    from,
    savedStateAt,
    notes,
    entries: { transition$: source.transition$, moment: () => source.moment(), readEntries },
    lens: schedulerLens,
    answers: schedulerHistory.answers,
    chartOf: (machine, collapsed) => drawChart(charts, machine, collapsed),
  })
  const features: readonly Feature[] = ['sandbox', ...(isControlled ? (['control'] as const) : [])]
  async function toSave(): Promise<RunToSave> {
    const kept = await app.kept()
    return {
      ...kept,
      id,
      name,
      machine: schedulerMachine,
      input,
      startedAt,
      notes: app.info().notes,
    }
  }
  return {
    ...app,
    info() {
      const info = app.info()
      return { ...info, features: [...info.features, ...features, ...exportFeatures(info)] }
    },
    save: () => liveLines(watched, app.kept),
    savePage: () => pageOf(toSave, charts),
    async libraries(params) {
      const at = await app.libraries(params)
      const status = framework.jarServer?.status()
      return watch.addTo(status === undefined ? at : withServer(at, status))
    },
    sandbox,
    async control({ command }) {
      if (!isControlled) throw notPermitted()
      await perform(framework, command)
      return {}
    },
  }
}

/** Enters the run as a call of its user does: through the inbox and the journal. */
async function perform(framework: InspectedFramework, command: ControlCommand): Promise<void> {
  if (command.kind === 'kill') framework.kill(command.taskId)
  else if (command.kind === 'revive') framework.revive()
  else await framework.libraries.add(command.coordinate)
}

function notPermitted(): JarcastError {
  const message = 'this inspector only looks: the run was not started with control'
  return new JarcastError('NOT_PERMITTED', message)
}
