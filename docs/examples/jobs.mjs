/**
 * The machine of docs/examples/no-mesos.mjs: jobs that wait, run two at a time, and are tried again.
 * It is closed: its effects are named, and their results come in as events. So its journal replays:
 *
 *   npx jarcast replay FOLDER --machine docs/examples/jobs.mjs
 */
import { assign, enqueueActions, setup } from 'xstate'

const maxRunning = 2
const maxAttempts = 2

const jobs = setup({
  actions: {
    'fx.run': () => undefined,
    take: assign(({ context, event }) => ({ waiting: [...context.waiting, ...event.jobs] })),
    // Their processes ended with the one that recorded them.
    runAgain: assign(({ context: { waiting, running } }) => ({
      waiting: [...running, ...waiting],
      running: [],
    })),
  },
  guards: {
    isLast: ({ context: { waiting, running }, event }) =>
      waiting.length === 0 && running.length === 1 && !isRetried(running, event),
  },
})

function isRetried(running, { type, id }) {
  return type === 'job.failed' && running.find((job) => job.id === id)?.attempt < maxAttempts
}

const startJobs = jobs.enqueueActions(({ context, enqueue }) => {
  const started = context.waiting.slice(0, maxRunning - context.running.length).map((job) => {
    return { ...job, attempt: (job.attempt ?? 0) + 1 }
  })
  enqueue.assign({
    waiting: context.waiting.slice(started.length),
    running: [...context.running, ...started],
  })
  for (const params of started) enqueue({ type: 'fx.run', params })
})

const settle = enqueueActions(({ context, event, enqueue }) => {
  const job = context.running.find(({ id }) => id === event.id)
  const isOver = !isRetried(context.running, event)
  enqueue.assign({
    running: context.running.filter((one) => one !== job),
    waiting: isOver ? context.waiting : [...context.waiting, job],
    ended: isOver ? { ...context.ended, [event.id]: event.type } : context.ended,
  })
  if (isOver) enqueue.emit({ type: 'job.ended', id: event.id, how: event.type })
})

export const jobsMachine = jobs.createMachine({
  id: 'jobs',
  context: { waiting: [], running: [], ended: {} },
  initial: 'working',
  states: {
    working: {
      description: 'Jobs run, at most two at a time.',
      on: {
        'jobs.submitted': { actions: ['take', startJobs] },
        'job.*': [
          { guard: 'isLast', target: 'idle', actions: settle },
          { actions: [settle, startJobs] },
        ],
        'process.restarted': { actions: ['runAgain', startJobs] },
      },
    },
    idle: {
      description: 'All jobs have ended.',
      on: { 'jobs.submitted': { target: 'working', actions: ['take', startJobs] } },
    },
  },
})

/** For `jarcast replay --why`: what answers each effect. */
const ofJob = { which: 'of the job', isAbout: (job, event) => job.id === event.id }
export const answers = {
  'fx.run': [
    { event: 'job.done', outcome: 'done', ...ofJob },
    { event: 'job.failed', outcome: 'failed', ...ofJob },
  ],
}
