/** `jarcast/executor`: the executor as a function, to embed in your own program. */
export { readEnvironment } from '../executor/agent/environment.ts'
export type { ExecutorEnvironment } from '../executor/agent/environment.ts'
export { runExecutor } from '../executor/run-executor.ts'
export type { Executor, ExecutorOptions } from '../executor/run-executor.ts'
