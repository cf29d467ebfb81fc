import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addFrameworkFlags, toFrameworkOptions } from '../../../src/cli/flags/framework-flags.ts'
import type { FrameworkFlags } from '../../../src/cli/flags/framework-flags.ts'
import { tasksToRun } from '../../../src/cli/session/run-tasks.ts'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import { checkTasks } from '../../../src/framework/requests/task-options.ts'

const task: TaskRequest = { id: 'a', work: { kind: 'shell', command: 'true' } }
const library = { path: 'a.jar' }

function parse(...args: readonly string[]): FrameworkFlags {
  const command = addFrameworkFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(['--master', 'm:5050', ...args], { from: 'user' }).opts()
}

/** The task that these options make of one without any. */
function taskOf(flags: FrameworkFlags, of = task): TaskRequest | undefined {
  return tasksToRun({ flags, tasks: [of], libraries: [] })[0]
}

const all = (
  '--image alpine:3 --force-pull --network overlay --network storage ' +
  '--port-mapping 80 --port-mapping 53/udp ' +
  '--volume /etc/ssl:/etc/ssl:ro --volume ./scratch:/tmp --volume data:/data ' +
  '--volume-secret tls.key=tls/key --env-secret TOKEN=api#token ' +
  '--discovery-name shop --discovery-port http --discovery-port dns/udp'
).split(' ')

describe('the options of containers', () => {
  it('are those of a plain command', () => {
    expect(taskOf(parse(...all))).toEqual({
      ...task,
      resources: { ports: 2 },
      container: {
        image: 'alpine:3',
        forcePull: true,
        networks: ['overlay', 'storage'],
        portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }],
        volumes: [
          { containerPath: '/etc/ssl', hostPath: '/etc/ssl', readOnly: true },
          { containerPath: '/tmp', sandboxPath: 'scratch' },
          { containerPath: '/data', dockerVolume: { name: 'data' } },
          { containerPath: 'tls.key', secret: 'tls/key' },
        ],
      },
      secrets: { TOKEN: { name: 'api', key: 'token' } },
      discovery: { name: 'shop', ports: ['http', { name: 'dns', protocol: 'udp' }] },
    })
  })

  it('pass the checks of tasks, with the ports that they need', () => {
    const flags = parse(...all)
    const tasks = tasksToRun({ flags, tasks: [task], libraries: [] })
    expect(() => checkTasks(tasks, toFrameworkOptions(flags, 'm:5050', []))).not.toThrow()
    expect(taskOf(parse('--network', 'n', '--port-mapping', '31000:80'))).toMatchObject({
      resources: { ports: [31_000] },
      container: { portMappings: [{ containerPort: 80, hostPort: 31_000 }] },
    })
    expect(taskOf(parse('--ports', '3', '--discovery-port', 'http'))?.resources).toEqual({
      ports: 3,
    })
    expect(taskOf(parse('--discovery-port', 'admin=8081'))).toMatchObject({
      resources: {},
      discovery: { ports: [{ name: 'admin', number: 8081 }] },
    })
  })

  it('leave what a task sets itself alone', () => {
    const own: TaskRequest = {
      ...task,
      container: { image: 'own' },
      secrets: { TOKEN: 'mine', MORE: 'more' },
      mesos: { discovery: { visibility: 'CLUSTER' } },
    }
    const given = taskOf(parse('--image', 'alpine', '--env-secret', 'TOKEN=api'), own)
    expect(given).toMatchObject({ container: { image: 'own' }, secrets: own.secrets })
    expect(taskOf(parse('--discovery-name', 'shop'), own)).not.toHaveProperty('discovery')
  })

  it('are those of the executor where it runs the tasks', () => {
    const flags = parse('--image', 'node:22', '--env-secret', 'TOKEN=api', '--volume', '/a:/a')
    const [shipped] = tasksToRun({ flags, tasks: [task], libraries: [library] })
    expect(shipped).not.toHaveProperty('container')
    expect(shipped).not.toHaveProperty('secrets')
    expect(toFrameworkOptions(flags, 'm', [library]).executor).toEqual({
      container: { image: 'node:22', volumes: [{ containerPath: '/a', hostPath: '/a' }] },
      secrets: { TOKEN: 'api' },
    })
    const fetched = { ...flags, delivery: 'fetcher' as const }
    expect(toFrameworkOptions(fetched, 'm', [library]).executor).toEqual({})
    expect(tasksToRun({ flags: fetched, tasks: [task], libraries: [library] })[0]).toMatchObject({
      container: { image: 'node:22' },
    })
  })
})

describe('values of these options', () => {
  it.each([
    ['--port-mapping', 'http', '[HOST:]PORT[/udp]'],
    ['--port-mapping', '1:2:3', '[HOST:]PORT[/udp]'],
    ['--volume', '/etc', 'SOURCE:PATH[:ro]'],
    ['--volume', '/a:/b:rwx', 'SOURCE:PATH[:ro]'],
    ['--volume-secret', 'tls.key', 'PATH=SECRET[#KEY]'],
    ['--env-secret', 'TOKEN=', 'never its value'],
    ['--discovery-port', 'http=x', 'NAME[=PORT][/udp]'],
    ['--containerizer', 'rkt', 'Allowed choices are mesos, docker'],
  ])('%s %s is refused', (option, value, why) => {
    expect(() => parse(option, value)).toThrow(why)
  })

  it.each([
    [['--containerizer', 'docker'], 'name one (--image)'],
    [['--port-mapping', '80'], '(--network): a CNI network'],
    [['--network', 'n', '--port-mapping', '80', '--port-mapping', '31000:81'], '(--ports)'],
    [['--volume', './../x:/x'], 'below the sandbox'],
  ])('%j is refused before submission, with the remedy', (args, why) => {
    const flags = parse(...args)
    const tasks = tasksToRun({ flags, tasks: [task], libraries: [] })
    expect(() => checkTasks(tasks, toFrameworkOptions(flags, 'm:5050', []))).toThrow(why)
  })
})
