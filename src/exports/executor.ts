/** `jarcast/executor`: the executor as a function, to embed in a program of one's own. */
export { readEnvironment } from '../executor/agent/environment.ts'
export type { ExecutorEnvironment } from '../executor/agent/environment.ts'
export { runExecutor } from '../executor/run-executor.ts'
export type { Executor, ExecutorOptions } from '../executor/run-executor.ts'
