/** `jarcast/client`: connections to a master and to an agent, without any machine. */
export { connectExecutor } from '../client/executor-connection.ts'
export type * from '../client/executor-connection.ts'
export { connectScheduler } from '../client/scheduler-connection.ts'
export type * from '../client/scheduler-connection.ts'
