import { describe, expect, it } from 'vitest'
import { checkFiles } from '../../../../src/domain/tasks/check-command.ts'
import { launchOperations } from '../../../../src/machines/scheduler/offers/launch.ts'
import { matchOffers } from '../../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import { addTask } from '../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { Delivery } from '../../../../src/domain/tasks/executors.ts'
import type { TaskRequest } from '../../../../src/domain/tasks/task-request.ts'
import type { TaskInfo } from '../../../../src/mesos/types.generated.ts'
import { offer, ports } from '../../../support/mesos/mesos-data.ts'

const executor = { name: 'e', command: { value: 'run' }, resources: { cpus: 0.1, memMb: 10 } }

/** What Mesos is told of a task on an agent with ports 31000 to 31009. */
function infoOf(request: Partial<TaskRequest>, delivery?: Delivery): TaskInfo {
  const task: TaskRequest = { id: 't', work: { kind: 'shell', command: 'true' }, ...request }
  const offers = [offer('o1', { more: [ports([31_000, 31_009])] })]
  const [plan] = matchOffers(offers, addTask(emptyTaskTable, task), delivery)
  const [operation] = plan === undefined ? [] : launchOperations(plan, 'f1', delivery)
  const [info] = operation?.type === 'LAUNCH' ? (operation.launch.taskInfos ?? []) : []
  if (info === undefined) throw new Error('not launched')
  return info
}

function payload({ data = '' }: TaskInfo): unknown {
  return JSON.parse(Buffer.from(data, 'base64').toString())
}

describe('a task without executor', () => {
  it('is its command, through a shell', () => {
    expect(infoOf({}).command).toEqual({ shell: true, value: 'true' })
  })

  it('runs a program with arguments without a shell', () => {
    const work = { kind: 'shell', command: 'echo', args: ['a b', '$X'] } as const
    expect(infoOf({ work }).command).toEqual({
      shell: false,
      value: 'echo',
      arguments: ['echo', 'a b', '$X'],
    })
  })

  it("runs its image's own program when it names none", () => {
    const work = { kind: 'shell', command: '', args: ['--help'] } as const
    const container = { type: 'DOCKER', docker: { image: 'alpine' } } as const
    const info = infoOf({ work, mesos: { container } })
    expect(info.command).toEqual({ shell: false, arguments: ['--help'] })
    expect(info.container).toEqual(container)
  })

  it('gets its ports and variables, which replace those of its command', () => {
    const variables = [
      { name: 'A', value: 'overridden' },
      { name: 'S', type: 'SECRET', secret: { reference: { name: 's' } } } as const,
    ]
    const info = infoOf({
      resources: { ports: 2 },
      environment: { A: '1' },
      mesos: { command: { environment: { variables }, user: 'nobody', uris: [{ value: '/a' }] } },
    })
    expect(info.command).toEqual({
      uris: [{ value: '/a' }],
      environment: {
        variables: [
          variables[1],
          { name: 'A', value: '1' },
          { name: 'PORT0', value: '31000' },
          { name: 'PORT1', value: '31001' },
          { name: 'PORTS', value: '31000,31001' },
        ],
      },
      shell: true,
      value: 'true',
      user: 'nobody',
    })
    expect(info.resources).toContainEqual(ports([31_000, 31_001]))
  })

  it('finds fetched libraries by relative paths', () => {
    const uris = [{ value: 'http://h/a.jar', outputFile: 'libraries/a.jar' }]
    const files = [{ path: 'libraries/a.jar', sha256: 'a'.repeat(64) }]
    const fetched = { uris, files, classPath: 'libraries/a.jar' }
    const work = { kind: 'java', mainClass: 'a.Main', args: ["it's", 'x'] } as const
    expect(infoOf({ work }, { fetched }).command).toEqual({
      uris,
      environment: {
        variables: [
          { name: 'JARCAST_CLASSPATH', value: 'libraries/a.jar' },
          { name: 'JARCAST_LIBRARIES', value: 'libraries' },
        ],
      },
      shell: true,
      value: `${checkFiles({ libraries: files })}exec java -cp "$JARCAST_CLASSPATH" a.Main 'it'\\''s' x`,
    })
  })
})

describe('what a task passes on', () => {
  it('stands in TaskInfo, with its ports in the place of 0', () => {
    const info = infoOf({
      resources: { ports: [31_005, 31_002] },
      killGraceMs: 1500,
      maxCompletionMs: 60_000,
      mesos: {
        healthCheck: { type: 'HTTP', http: { port: 0, path: '/health' } },
        check: { type: 'TCP', tcp: { port: 0 } },
        labels: { labels: [{ key: 'team', value: 'a' }] },
        limits: { mem: { value: 64 } },
        discovery: {
          visibility: 'CLUSTER',
          ports: { ports: [{ number: 0, name: 'http' }, { number: 80 }, { number: 0 }] },
        },
        container: {
          type: 'DOCKER',
          docker: { image: 'i', portMappings: [{ hostPort: 0, containerPort: 80 }] },
        },
      },
    })
    expect(info).toMatchObject({
      killPolicy: { gracePeriod: { nanoseconds: 1.5e9 } },
      maxCompletionTime: { nanoseconds: 60e9 },
      healthCheck: { type: 'HTTP', http: { port: 31_005, path: '/health' } },
      check: { tcp: { port: 31_005 } },
      labels: { labels: [{ key: 'team', value: 'a' }] },
      limits: { mem: { value: 64 } },
      discovery: {
        ports: { ports: [{ number: 31_005, name: 'http' }, { number: 80 }, { number: 31_002 }] },
      },
      container: { docker: { portMappings: [{ hostPort: 31_005, containerPort: 80 }] } },
    })
  })

  it('goes with an executor, too, and variables in its payload', () => {
    const info = infoOf(
      {
        environment: { A: '1' },
        resources: { ports: 1 },
        mesos: { check: { type: 'TCP', tcp: { port: 0 } } },
      },
      { executor },
    )
    expect(info).toMatchObject({ executor: { type: 'CUSTOM' }, check: { tcp: { port: 31_000 } } })
    expect(info).not.toHaveProperty('command')
    expect(payload(info)).toMatchObject({
      environment: { A: '1', PORT0: '31000', PORTS: '31000' },
    })
  })
})
