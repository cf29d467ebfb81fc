import { describe, expect, it } from 'vitest'
import { checkGroup, checkTaskRequest } from '../../../src/domain/tasks/check-task-request.ts'
import { commandOf, findExecutorFault } from '../../../src/domain/tasks/command.ts'
import { passedFields } from '../../../src/domain/tasks/plain-options.ts'
import { fillPorts } from '../../../src/domain/tasks/task-ports.ts'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { accept } from '../../../src/mesos/scheduler-calls.ts'

const task = (more: object = {}): TaskRequest => {
  return { id: 'web', work: { kind: 'shell', command: 'run' }, ...more }
}
const ports = (count: number) => ({ resources: { cpus: 0.1, memMb: 32, ports: count } })

describe('passedFields', () => {
  it("makes an image, networks, ports and volumes of Mesos' containerizer", () => {
    const { container } = passedFields(
      task({
        container: {
          image: 'nginx:1',
          networks: ['overlay', 'other'],
          portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }],
          volumes: [
            { containerPath: '/data', hostPath: '/srv' },
            { containerPath: 'tmp', sandboxPath: 'scratch', readOnly: true },
            { containerPath: '/key', secret: { name: 'tls', key: 'private' } },
            { containerPath: '/vol', dockerVolume: { name: 'v', driver: 'rexray' } },
          ],
          forcePull: true,
        },
      }),
    )
    expect(container).toEqual({
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: 'nginx:1' }, cached: false } },
      networkInfos: [
        {
          name: 'overlay',
          portMappings: [
            { hostPort: 0, containerPort: 80 },
            { hostPort: 0, containerPort: 53, protocol: 'udp' },
          ],
        },
        { name: 'other' },
      ],
      volumes: [
        {
          containerPath: '/data',
          mode: 'RW',
          source: { type: 'HOST_PATH', hostPath: { path: '/srv' } },
        },
        {
          containerPath: 'tmp',
          mode: 'RO',
          source: { type: 'SANDBOX_PATH', sandboxPath: { type: 'SELF', path: 'scratch' } },
        },
        {
          containerPath: '/key',
          mode: 'RO',
          source: {
            type: 'SECRET',
            secret: { type: 'REFERENCE', reference: { name: 'tls', key: 'private' } },
          },
        },
        {
          containerPath: '/vol',
          mode: 'RW',
          source: { type: 'DOCKER_VOLUME', dockerVolume: { name: 'v', driver: 'rexray' } },
        },
      ],
    })
  })

  it.each([
    ['bridge', { network: 'BRIDGE' }, undefined],
    ['my-net', { network: 'USER' }, [{ name: 'my-net' }]],
  ])('makes a container of Docker in the network %s', (network, docker, networkInfos) => {
    const { container } = passedFields(
      task({
        container: {
          image: 'nginx',
          containerizer: 'docker',
          networks: [network],
          portMappings: [{ containerPort: 80 }],
          volumes: [{ containerPath: '/data', hostPath: '/srv' }],
          privileged: true,
        },
      }),
    )
    expect(container).toEqual({
      type: 'DOCKER',
      docker: {
        image: 'nginx',
        ...docker,
        privileged: true,
        portMappings: [{ hostPort: 0, containerPort: 80 }],
      },
      volumes: [{ containerPath: '/data', mode: 'RW', hostPath: '/srv' }],
      ...(networkInfos && { networkInfos }),
    })
  })

  it('names the ports of the task for discovery', () => {
    const discovery = { ports: ['http', { name: 'dns', number: 53, protocol: 'udp' }, 'admin'] }
    const labels = { team: 'search' }
    const fields = passedFields(task({ name: 'shop', discovery: { ...discovery, labels } }))
    expect(fillPorts(fields, [31_000, 31_001]).discovery).toEqual({
      visibility: 'CLUSTER',
      name: 'shop',
      labels: { labels: [{ key: 'team', value: 'search' }] },
      ports: {
        ports: [
          { number: 31_000, name: 'http' },
          { number: 53, name: 'dns', protocol: 'udp' },
          { number: 31_001, name: 'admin' },
        ],
      },
    })
  })

  it('fills host ports of CNI networks in order', () => {
    const container = {
      networks: ['overlay'],
      portMappings: [{ containerPort: 80 }, { containerPort: 81 }],
    }
    const fields = fillPorts(passedFields(task({ container })), [31_000, 31_001])
    const hostPorts = fields.container?.networkInfos?.[0]?.portMappings?.map((one) => one.hostPort)
    expect(hostPorts).toEqual([31_000, 31_001])
  })

  it('gives no host port twice, where some are given', () => {
    const portMappings = [{ containerPort: 80 }, { containerPort: 81, hostPort: 31_000 }]
    const container = { networks: ['overlay'], portMappings }
    const fields = fillPorts(passedFields(task({ container })), [31_000, 31_001])
    expect(fields.container?.networkInfos?.[0]?.portMappings).toEqual([
      { containerPort: 80, hostPort: 31_001 },
      { containerPort: 81, hostPort: 31_000 },
    ])
  })

  it('survives the way to the master in protobuf', () => {
    const request = task({
      container: {
        image: 'a',
        networks: ['n'],
        portMappings: [{ containerPort: 1 }],
        volumes: [{ containerPath: '/s', secret: 's' }],
      },
      discovery: { name: 'd', ports: ['p'] },
      secrets: { PASSWORD: 'db/password' },
    })
    const taskInfo = {
      name: 'web',
      taskId: { value: 'web' },
      agentId: { value: 'a' },
      command: commandOf(request, [1], undefined),
      ...passedFields(request),
    }
    const call = accept('f', ['o'], [{ type: 'LAUNCH', launch: { taskInfos: [taskInfo] } }])
    const { encodeCall, decodeCall } = schedulerCodec('application/x-protobuf')
    expect(decodeCall(encodeCall(call))).toEqual(call)
  })
})

describe('secrets', () => {
  it('are variables by reference, and win over those of the command', () => {
    const secrets = { TOKEN: { name: 'api', key: 'token' }, PASSWORD: 'db' }
    const variables = [{ name: 'TOKEN', value: 'old' }]
    const mesos = { command: { environment: { variables } } }
    const { environment } = commandOf(
      task({ secrets, environment: { LANG: 'C' }, mesos }),
      [],
      undefined,
    )
    expect(environment?.variables).toEqual([
      { name: 'LANG', value: 'C' },
      {
        name: 'TOKEN',
        type: 'SECRET',
        secret: { type: 'REFERENCE', reference: { name: 'api', key: 'token' } },
      },
      {
        name: 'PASSWORD',
        type: 'SECRET',
        secret: { type: 'REFERENCE', reference: { name: 'db' } },
      },
    ])
  })

  it('of a task need a plain command', () => {
    expect(findExecutorFault({ secrets: { A: 'a' } })).toMatch(
      /^secrets is for plain commands, .* set executor.container, executor.secrets/,
    )
    expect(findExecutorFault({ container: {} })).toMatch(/^container is for plain commands/)
    expect(findExecutorFault({ mesos: { command: {} } })).toMatch(/^mesos.command is for plain/)
    expect(findExecutorFault({ mesos: { labels: {} } })).toBeUndefined()
  })
})

describe('checkTaskRequest', () => {
  it.each([
    [{ container: { imagee: 'a' } }, 'container.imagee is none of image, '],
    [{ container: { image: 'a b' } }, 'container.image must be the name of an image'],
    [{ container: { containerizer: 'podman' } }, 'container.containerizer must be mesos or docker'],
    [
      { container: { containerizer: 'docker' } },
      'container.image is missing: Docker runs images only; name one (--image), or set container.containerizer to mesos',
    ],
    [
      { container: { containerizer: 'docker', image: 'a', networks: ['a', 'b'] } },
      'container.networks has 2 names: a container of Docker joins one',
    ],
    [{ container: { privileged: true } }, 'container.privileged is for Docker'],
    [
      { container: { portMappings: [{ containerPort: 80 }] }, ...ports(1) },
      'name it in container.networks (--network): a CNI network of the agents',
    ],
    [
      {
        container: {
          containerizer: 'docker',
          image: 'a',
          networks: ['host'],
          portMappings: [{ containerPort: 80 }],
        },
        ...ports(1),
      },
      'name it in container.networks (--network): bridge',
    ],
    [
      { container: { networks: ['n'], portMappings: [{ containerPort: 80 }] } },
      "container.portMappings needs 1 of the task's ports, which has 0: set resources.ports",
    ],
    [
      {
        container: {
          networks: ['n'],
          portMappings: [{ containerPort: 80 }, { containerPort: 81, hostPort: 31_000 }],
        },
        resources: { ports: [31_000] },
      },
      "container.portMappings needs 2 of the task's ports, which has 1: set resources.ports (--ports)",
    ],
    [
      {
        container: { networks: ['n'], portMappings: [{ containerPort: 80, hostPort: 8080 }] },
        ...ports(1),
      },
      'container.portMappings has hostPort 8080, which is not in resources.ports',
    ],
    [
      { container: { networks: ['n'], portMappings: [{ containerPort: 0 }] }, ...ports(1) },
      'container.portMappings[0].containerPort must be a port, 1 to 65535',
    ],
    [
      { container: { volumes: [{ containerPath: '/a' }] } },
      'container.volumes[0] must have one of hostPath, sandboxPath, secret, dockerVolume; it has none',
    ],
    [
      { container: { volumes: [{ containerPath: '/a', hostPath: 'srv' }] } },
      'container.volumes[0].hostPath must be an absolute path',
    ],
    [
      { container: { volumes: [{ containerPath: '/a', sandboxPath: '../b' }] } },
      'container.volumes[0].sandboxPath must be a path below the sandbox',
    ],
    [
      {
        container: {
          containerizer: 'docker',
          image: 'a',
          volumes: [{ containerPath: '/a', secret: 's' }],
        },
      },
      "container.volumes[0].secret needs Mesos' containerizer",
    ],
    [{ container: {}, mesos: { container: { type: 'MESOS' } } }, 'leave one of them out'],
    [{ discovery: { visibility: 'world' } }, 'discovery.visibility must be framework, cluster'],
    [
      { discovery: { ports: ['a', 'b'] }, ...ports(1) },
      "discovery.ports needs 2 of the task's ports",
    ],
    [{ discovery: { ports: [{ number: 1 }] } }, 'discovery.ports[0] must be a name or'],
    [
      { secrets: { A: { value: 'x' } } },
      'secrets.A must be the name of a secret, or { name, key }',
    ],
    [{ secrets: { A: 'a' }, environment: { A: 'b' } }, 'A is in secrets and in environment'],
    [{ secrets: { 'A=B': 'a' } }, 'secrets has a variable "A=B"'],
    [{ mesos: { container: { type: 'DOCKER' } } }, 'mesos.container.docker is missing'],
  ])('refuses %j', (more, message) => {
    expect(() => checkTaskRequest(task(more))).toThrow(message)
  })

  it('takes one host port for TCP and UDP', () => {
    const mapping = { containerPort: 53, hostPort: 5300 }
    const portMappings = [mapping, { ...mapping, protocol: 'udp' }]
    const resources = { cpus: 0.1, memMb: 32, ports: [5300] }
    const request = task({ container: { networks: ['n'], portMappings }, resources })
    expect(checkTaskRequest(request)).toEqual(request)
  })

  it('takes ports that are given and named', () => {
    const container = { networks: ['n'], portMappings: [{ containerPort: 80, hostPort: 8080 }] }
    const request = task({ container, resources: { cpus: 0.1, memMb: 32, ports: [8080] } })
    expect(checkTaskRequest(request)).toEqual(request)
  })

  it.each([
    [
      { container: { containerizer: 'docker', image: 'a' } },
      'set container.containerizer to mesos',
    ],
    [
      {
        container: { networks: ['n'] },
        mesos: { healthCheck: { type: 'TCP', tcp: { port: 1 } } },
      },
      'has no HTTP or TCP health check',
    ],
  ])('refuses %j in a group', (more, message) => {
    expect(() => checkGroup('g', [task(more)])).toThrow(message)
  })
})
