import { fileURLToPath } from 'node:url'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { answerOf, answersTo, effectKindOf } from '../../../src/effects/answer.ts'
import type { EffectAnswers } from '../../../src/effects/answer.ts'
import type { EffectOf } from '../../../src/effects/effect-of.ts'
import { replayJournal } from '../../../src/journal/replay/replay-journal.ts'
import type { executorMachine } from '../../../src/machines/executor/executor.ts'
import { findMachine } from '../../../src/machines/known-machines.ts'
import type { KnownMachine } from '../../../src/machines/known-machines.ts'
import type { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { goldenJournals } from '../../fixtures/journals/scenarios.ts'

const names = Object.keys(goldenJournals())

function known(name: string): KnownMachine & { readonly answers: EffectAnswers } {
  const found = findMachine(name.split('-')[0] ?? '')
  if (found?.answers === undefined) throw new Error(`no answers for ${name}`)
  return { ...found, answers: found.answers }
}

function stepsOf(name: string) {
  const path = fileURLToPath(new URL(`../../fixtures/journals/${name}.ndjson`, import.meta.url))
  return [...replayJournal(path, known(name)).replay]
}

/** Each kind of effect in the journals, with the events found to answer it. */
function answeredIn(wanted: readonly string[]): Record<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const name of wanted) {
    const { answers } = known(name)
    const steps = stepsOf(name)
    for (const { seq, effects } of steps) {
      for (const effect of effects) {
        const later = steps.filter((step) => step.seq > seq)
        const answer = later
          .flatMap(({ entry }) => entry?.event ?? [])
          .find((event) => answerOf(answers, effect, event) !== undefined)
        const kind = effectKindOf(effect)
        const events = found.get(kind) ?? new Set()
        found.set(kind, answer === undefined ? events : events.add(answer.type))
      }
    }
  }
  return Object.fromEntries([...found].map(([kind, events]) => [kind, [...events].toSorted()]))
}

describe('answers to effects', () => {
  it('list every effect of the recorded runs', () => {
    for (const name of names) {
      const effects = stepsOf(name).flatMap((step) => step.effects)
      const unlisted = effects.filter((each) => answersTo(known(name).answers, each) === undefined)
      expect(unlisted.map(effectKindOf)).toEqual([])
    }
  })

  it('are found in recorded runs of the scheduler', () => {
    expect(answeredIn(names.filter((name) => name !== 'executor'))).toMatchObject({
      'fx.subscribe': ['connection.lost', 'mesos.subscribed'],
      'fx.startJarServer': ['jarServer.started'],
      'fx.stopJarServer': ['jarServer.stopped'],
      'fx.close': ['framework.closed'],
      'fx.releaseSets': [],
      'fx.call ACCEPT': ['call.failed', 'mesos.operation', 'mesos.update'],
      'fx.call RECONCILE': ['mesos.update'],
      'fx.call KILL': ['mesos.update'],
      'fx.call ACKNOWLEDGE': [],
      'fx.call UPDATE_FRAMEWORK': ['framework.updated'],
    })
  })

  it('are found in recorded runs of the executor', () => {
    expect(answeredIn(['executor'])).toMatchObject({
      'fx.subscribe': ['agent.lost', 'agent.subscribed'],
      'fx.report': ['update.stamped'],
      'fx.fetchManifest': ['manifest.failed', 'manifest.fetched'],
      'fx.installSet': ['set.installed'],
      'fx.startHost': ['host.started'],
    })
  })

  it('are of the same task: another one is none', () => {
    const { answers } = known('scheduler')
    const params: SchedulerCall = { type: 'KILL', kill: { taskId: { value: 'a' } } }
    const effect = { type: 'fx.call', params }
    const update = (value: string, state: string) => ({
      type: 'mesos.update',
      status: { taskId: { value }, state },
    })
    expect(answerOf(answers, effect, update('a', 'TASK_KILLED'))?.outcome).toBe('done')
    expect(answerOf(answers, effect, update('a', 'TASK_RUNNING'))).toBeUndefined()
    expect(answerOf(answers, effect, update('b', 'TASK_KILLED'))).toBeUndefined()
  })

  it('are of the same update', () => {
    const { answers } = known('executor')
    const effect = { type: 'fx.sendUpdate', params: { update: { taskId: 'a', uuid: 'u1' } } }
    const acknowledged = (uuid: string) => ({ type: 'update.acknowledged', taskId: 'a', uuid })
    expect(answerOf(answers, effect, acknowledged('u1'))?.outcome).toBe('done')
    expect(answerOf(answers, effect, acknowledged('u2'))).toBeUndefined()
  })

  it('are none for an event without the fields of today', () => {
    const { answers } = known('scheduler')
    const effect = { type: 'fx.call', params: { type: 'KILL', kill: { taskId: { value: 'a' } } } }
    expect(answerOf(answers, effect, { type: 'mesos.update' })).toBeUndefined()
    expect(answerOf(answers, { type: 'fx.other', params: 1 }, { type: 'any' })).toBeUndefined()
  })
})

describe('EffectOf', () => {
  it('has the params of each effect, of children too', () => {
    type Scheduler = EffectOf<typeof schedulerMachine>
    type Executor = EffectOf<typeof executorMachine>
    type ParamsOf<E extends { type: string; params: unknown }, Type> = Extract<
      E,
      { type: Type }
    >['params']
    expectTypeOf<ParamsOf<Scheduler, 'fx.call'>>().toEqualTypeOf<SchedulerCall>()
    expectTypeOf<ParamsOf<Executor, 'fx.stopProbes'>>().toEqualTypeOf<{ taskId: string }>()
    expectTypeOf<ParamsOf<Executor, 'fx.cancelFetches'>>().toEqualTypeOf<{ setId: string }>()
  })
})
