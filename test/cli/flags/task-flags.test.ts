import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { parseConstraint } from '../../../src/cli/flags/constraint.ts'
import { addTaskFlags, withTaskDefaults } from '../../../src/cli/flags/task-flags.ts'
import type { TaskFlags } from '../../../src/cli/flags/task-flags.ts'

const plain = { isPlain: true }
const task = { id: 'a', work: { kind: 'shell', command: 'true' } } as const

function parse(...args: readonly string[]): TaskFlags {
  const command = addTaskFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(args, { from: 'user' }).opts()
}

describe('withTaskDefaults', () => {
  it('fills in the defaults of a task', () => {
    const flags = { cpus: 2, retries: 3 }
    expect(withTaskDefaults(task, flags, plain)).toMatchObject({
      resources: { cpus: 2 },
      retry: { maxAttempts: 4 },
    })
    const own = { ...task, resources: { cpus: 1 }, retry: { maxAttempts: 1 } }
    expect(withTaskDefaults(own, flags, plain)).toMatchObject({
      resources: { cpus: 1 },
      retry: { maxAttempts: 1 },
    })
  })

  it('leaves a task as it is when no flag is given', () => {
    expect(withTaskDefaults(task, {}, plain)).toEqual({ ...task, resources: {} })
  })

  it('does not try the tasks of a group again', () => {
    expect(withTaskDefaults({ ...task, group: 'g' }, { retries: 3 }, plain)).not.toHaveProperty(
      'retry',
    )
  })

  it('takes constraints, variables and times', () => {
    const flags = parse(
      '--constraint',
      'rack UNIQUE',
      '--constraint',
      '@zone group-by 3',
      '--pack',
      '--env',
      'A=1=2',
      '--env',
      'B=',
      '--kill-grace',
      '1.5',
      '--max-completion',
      '60',
      '--unreachable',
      '300',
      '--wait-timeout',
      '60',
      '--disk',
      '10',
      '--gpus',
      '1',
      '--ports',
      '2',
    )
    expect(withTaskDefaults({ ...task, environment: { B: 'own' } }, flags, plain)).toEqual({
      ...task,
      constraints: {
        rules: [
          { field: 'rack', operator: 'unique' },
          { field: '@zone', operator: 'group-by', count: 3 },
        ],
        policy: 'pack',
      },
      environment: { A: '1=2', B: 'own' },
      killGraceMs: 1500,
      maxCompletionMs: 60_000,
      unreachableMs: 300_000,
      waitTimeoutMs: 60_000,
      resources: { diskMb: 10, gpus: 1, ports: 2 },
    })
    const constraints = { hostname: 'h' }
    expect(withTaskDefaults({ ...task, constraints }, flags, plain)).toMatchObject({ constraints })
  })
})

describe('--ports', () => {
  it.each([
    ['3', 3],
    ['31000', [31_000]],
    ['80,', [80]],
    ['31000,80', [31_000, 80]],
  ])('%s', (text, ports) => {
    expect(parse('--ports', text).ports).toEqual(ports)
  })

  it.each(['0', 'a', '1-3', ''])('refuses "%s"', (text) => {
    expect(() => parse('--ports', text)).toThrow('number of ports')
  })
})

describe('parseConstraint', () => {
  it.each([
    ['hostname UNIQUE', { field: 'hostname', operator: 'unique' }],
    ['rack max_per 2', { field: 'rack', operator: 'max-per', count: 2 }],
    ['rack GROUP_BY', { field: 'rack', operator: 'group-by' }],
    ['rack IS two words', { field: 'rack', operator: 'is', value: 'two words' }],
    ['rack CLUSTER r1', { field: 'rack', operator: 'is', value: 'r1' }],
    ['rack IN r1,r2', { field: 'rack', operator: 'in', values: ['r1', 'r2'] }],
    ['  rack   LIKE r[12]|s.* ', { field: 'rack', operator: 'like', value: 'r[12]|s.*' }],
    ['rack UNLIKE r9', { field: 'rack', operator: 'unlike', value: 'r9' }],
  ])('%s', (text, rule) => {
    expect(parseConstraint(text)).toEqual(rule)
  })

  it.each([
    ['rack', 'It must be FIELD UNIQUE'],
    ['rack NEAR r1', 'It must be FIELD UNIQUE'],
    ['rack UNIQUE r1', 'It must be FIELD UNIQUE'],
    ['rack MAX_PER', 'Its count must be a whole number'],
    ['rack GROUP_BY x', 'Its count must be a whole number'],
    ['rack LIKE (', 'Its value is not a regular expression'],
    ['@rack UNIQUE', 'Its field @rack is none of'],
  ])('refuses "%s"', (text, why) => {
    expect(() => parseConstraint(text)).toThrow(why)
  })
})
