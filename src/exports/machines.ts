/**
 * `jarcast/machines`: plain XState v5 machines, to embed, `provide()`, inspect and draw.
 *
 * In an actor of `createActor`, a step of more than 16,000 facts and events to other actors takes a
 * time that grows with their square: XState keeps them in an array, whose first member it takes by
 * `shift` (`Actor.update` in xstate/src/createActor.ts). A runtime of `jarcast/journal` keeps them
 * in another way.
 */
export { answerOf, answersTo, effectKindOf } from '../effects/answer.ts'
export type { Answer, AnswersTo, EffectAnswers, EffectKind } from '../effects/answer.ts'
export { executorAnswers } from '../machines/answers/executor-answers.ts'
export { schedulerAnswers } from '../machines/answers/scheduler-answers.ts'
export type { InstalledSet } from '../domain/libraries/installed-set.ts'
export { downloaderMachine } from '../machines/downloader/downloader.ts'
export type * from '../machines/downloader/downloader.ts'
export type * from '../machines/downloader/events.ts'
export type { DownloaderContext } from '../machines/downloader/setup.ts'
export { executorMachine } from '../machines/executor/executor.ts'
export type * from '../machines/executor/executor.ts'
export type * from '../machines/executor/events.ts'
export type { ExecutorContext } from '../machines/executor/setup.ts'
export { frameworkUpdateMachine } from '../machines/scheduler/connection/framework-update.ts'
export type * from '../machines/scheduler/connection/framework-update.ts'
export { deliveryMachine } from '../machines/scheduler/delivery/delivery.ts'
export type * from '../machines/scheduler/delivery/delivery.ts'
export type * from '../machines/scheduler/delivery/runtimes.ts'
export type * from '../machines/scheduler/delivery/setup.ts'
export { librarySetsMachine } from '../machines/scheduler/delivery/library-sets.ts'
export type * from '../machines/scheduler/delivery/library-sets.ts'
export { killsMachine } from '../machines/scheduler/tasks/kills.ts'
export type * from '../machines/scheduler/tasks/kills.ts'
export { lateUpdatesMachine } from '../machines/scheduler/tasks/late-updates.ts'
export type * from '../machines/scheduler/tasks/late-updates.ts'
export { offerFlowMachine } from '../machines/scheduler/offers/offer-flow.ts'
export type * from '../machines/scheduler/offers/offer-flow.ts'
export { advanceOperation, operationMachine } from '../machines/scheduler/operations/operation.ts'
export type * from '../machines/scheduler/operations/operation.ts'
export { reconciliationMachine } from '../machines/scheduler/reconciliation/reconciliation.ts'
export type * from '../machines/scheduler/reconciliation/reconciliation.ts'
export { relayMachine } from '../machines/relay/relay.ts'
export type * from '../machines/relay/relay.ts'
export {
  descriptionOf,
  holdersOf,
  isSubscribed,
  outcomesOf,
  setsOf,
  taskTableOf,
} from '../machines/scheduler/components.ts'
export type * from '../machines/scheduler/components.ts'
export type * from '../machines/scheduler/events.ts'
export type * from '../machines/scheduler/input.ts'
export type { SchedulerContext } from '../machines/scheduler/setup.ts'
export type * from '../machines/task-run/run-report.ts'
export { schedulerMachine } from '../machines/scheduler/scheduler.ts'
export type * from '../machines/scheduler/scheduler.ts'
export { connectionMachine } from '../machines/scheduler/connection/connection.ts'
export type * from '../machines/scheduler/connection/connection.ts'
export type * from '../machines/scheduler/connection/events.ts'
export { maintenanceMachine } from '../machines/scheduler/maintenance/maintenance.ts'
export type * from '../machines/scheduler/maintenance/maintenance.ts'
export { offersMachine } from '../machines/scheduler/offers/offers.ts'
export type * from '../machines/scheduler/offers/offers.ts'
export type * from '../machines/scheduler/offers/setup.ts'
export { operationsMachine } from '../machines/scheduler/operations/operations.ts'
export type * from '../machines/scheduler/operations/operations.ts'
export type * from '../machines/scheduler/operations/setup.ts'
export { tasksMachine } from '../machines/scheduler/tasks/tasks.ts'
export type * from '../machines/scheduler/tasks/tasks.ts'
export type * from '../machines/scheduler/tasks/events.ts'
export { taskRunMachine } from '../machines/task-run/task-run.ts'
export type * from '../machines/task-run/events.ts'
export type { TaskRunContext } from '../machines/task-run/setup.ts'
export type * from '../machines/task-run/task-run.ts'
export { advanceTask, taskMachine } from '../machines/scheduler/tasks/task.ts'
export type * from '../machines/scheduler/tasks/task.ts'
