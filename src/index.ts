/** `jarcast`: create a framework that runs tasks on Mesos and ships libraries to its executors. */
export { createFramework } from './framework/framework.ts'
export type { Framework } from './framework/framework.ts'
export { openFrameworkOutput } from './framework/control/framework-output.ts'
export type { FrameworkOutput } from './framework/control/framework-output.ts'
export type {
  FollowedOutputs,
  FollowOutputsOptions,
  OutputPart,
} from './framework/control/follow-outputs.ts'
export { offerControl } from './framework/control/offer-control.ts'
export type { ControlOptions, FrameworkControl } from './framework/control/offer-control.ts'
export { inspectFramework } from './framework/inspect-framework.ts'
export type { FrameworkInspector, InspectFrameworkOptions } from './framework/inspector-page.ts'
export type { FrameworkLibraries, LibrarySetInUse } from './framework/delivery/library-changes.ts'
export type { FunctionTaskOptions, FunctionWork } from './framework/requests/function-work.ts'
export type { TaskOptions } from './framework/requests/task-options.ts'
export type {
  ConflictPolicy,
  DeliveryMode,
  ExecutorSettings,
  FrameworkOptions,
  JarServerSettings,
} from './framework/options/options.ts'
export type { ExecutorAddress, ExecutorRequests } from './framework/requests/executor-requests.ts'
export type { FrameworkChanges } from './framework/requests/framework-update.ts'
export type { OperateOptions } from './framework/requests/operations.ts'
export type { Prefetch, PrefetchedAgent, PrefetchOptions } from './framework/requests/prefetch.ts'
export type { FrameworkRequests } from './framework/requests/requests.ts'
export type { TaskRuns } from './framework/requests/task-runs.ts'
export type { PublicStreams } from './framework/facts/streams.ts'
export type { FrameworkState, Life } from './framework/state/framework-state.ts'
export { persistentVolume, reservedResources } from './domain/tasks/operations.ts'
export type {
  ReservationOptions,
  ResourceOperation,
  VolumeOptions,
} from './domain/tasks/operations.ts'
export type * from './framework/facts/events.ts'
export type {
  ClassPathReport,
  DuplicateClasses,
  SplitPackage,
} from './domain/class-path/class-path-conflicts.ts'
export type { VersionConflict } from './domain/class-path/version-conflicts.ts'
export { JarcastError } from './errors.ts'
export type { ErrorCode, JarcastErrorOptions } from './errors.ts'
export type { Json } from './domain/json.ts'
export type { Library, LibraryKind, LibrarySet } from './domain/libraries/library.ts'
export type { ResourceRequest } from './domain/tasks/resource-request.ts'
export type { MesosFields } from './domain/tasks/mesos-fields.ts'
export type { PlacementRule, TaskConstraints } from './domain/tasks/task-constraints.ts'
export type { RetryPolicy, TaskRequest } from './domain/tasks/task-request.ts'
export type { ExecutorMessage } from './domain/tasks/executor-message.ts'
export type {
  JavaWork,
  JsWork,
  LoadClassWork,
  ShellWork,
  TaskWork,
} from './domain/tasks/task-work.ts'
export type {
  ContainerVolume,
  PortMapping,
  TaskContainer,
} from './domain/tasks/container/task-container.ts'
export type { DiscoveryPort, TaskDiscovery } from './domain/tasks/container/task-discovery.ts'
export type { SecretName, SecretVariables } from './domain/tasks/container/task-secrets.ts'
export type { TaskReport } from './domain/tasks/task-report.ts'
