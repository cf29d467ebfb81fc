/** `jarcast/mesos`: types of all v1 scheduler, executor and operator messages, codecs, RecordIO, calls. */
export * from '../mesos/codec.ts'
export * from '../mesos/duration.ts'
export * as executorCalls from '../mesos/executor-calls.ts'
export * from '../mesos/recordio.ts'
export * as schedulerCalls from '../mesos/scheduler-calls.ts'
export * from '../mesos/states.ts'
export type * from '../mesos/types.generated.ts'
