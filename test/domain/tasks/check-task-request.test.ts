import { describe, expect, it } from 'vitest'
import { checkTaskRequest } from '../../../src/domain/tasks/check-task-request.ts'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'

const request: TaskRequest = { id: 'a', work: { kind: 'shell', command: 'true' } }

describe('checkTaskRequest', () => {
  it.each([
    [{ id: '' }, /its id /],
    [{ id: 'a/b' }, /its id /],
    [{ id: 'a~2' }, /its id /],
    [{ id: '..' }, /its id /],
    [
      { work: { kind: 'js', module: 'm', export: 'f', isolation: 'child-first' } },
      /its isolation "child-first" is none of process, shared/,
    ],
    [{ work: { kind: 'python' } }, /kind of its work is none of load-class, java, js, shell/],
    [{ work: 'true' }, /its work must be an object/],
    [{ work: { kind: 'shell', cmd: 'true' } }, /work.command must be a text/],
    [{ work: { kind: 'js', module: 'a.mjs' } }, /work.export must be a text/],
    [{ work: { kind: 'js', module: 'a.mjs', export: 'f', args: 1 } }, /work.args must be a list/],
    [{ work: { kind: 'java', mainClass: 'A', stdin: 1 } }, /work.stdin must be a text/],
    [
      { work: { kind: 'shell', command: 'a', cwd: '/' } },
      /work.cwd is none of kind, command, args/,
    ],
    [{ env: {} }, /its field env is none of id, name, work, /],
    [{ retry: { attempts: 2 } }, /retry.attempts is none of maxAttempts/],
    [{ resources: { mem: 5 } }, /resources.mem is none of cpus, memMb, /],
    [{ resources: [] }, /resources must be an object/],
    [{ work: { kind: 'java', mainClass: '-version' } }, /"-version" is not a class name/],
    [{ resources: { cpus: -1 } }, /resources.cpus must be/],
    [{ resources: { memMb: Number.NaN } }, /resources.memMb must be/],
    [{ resources: { cpus: 0.0001 } }, /resources.cpus must be 0.001 or more/],
    [{ resources: { gpus: 0.5 } }, /resources.gpus must be a whole number/],
    [{ resources: { ports: 1.5 } }, /resources.ports must be/],
    [{ resources: { ports: [80, 80] } }, /resources.ports must be/],
    [{ resources: { volumes: 'db' } }, /resources.volumes must be/],
    [{ constraints: { rules: [{ field: 'a', operator: 'x' }] } }, /rules\[0\].operator must be/],
    [{ killGraceMs: -1 }, /killGraceMs must be/],
    [{ unreachableMs: -1 }, /unreachableMs must be/],
    [{ unreachableMs: '60' }, /unreachableMs must be/],
    [{ waitTimeoutMs: 0 }, /waitTimeoutMs must be/],
    [{ unreachableMs: 1e16 }, /unreachableMs must be/],
    [{ id: '任'.repeat(67) }, /its id has 201 bytes/],
    [{ id: 'a\\b' }, /its id has \\ in it/],
    [{ role: 'a b' }, /role has a blank/],
    [{ resources: { volumes: ['a/b'] } }, /resources.volumes\[0\] has \/ in it/],
    [{ resources: { cpus: 0, memMb: 0 } }, /asks for no resources/],
    [
      { resources: { memMb: 64 }, mesos: { limits: { mem: { value: 32 } } } },
      /mem must be at least/,
    ],
    [
      { resources: { cpus: 0 }, mesos: { limits: { cpus: { value: 1 } } } },
      /cpus must be at least/,
    ],
    [{ maxCompletionMs: 0 }, /maxCompletionMs must be/],
    [{ environment: { A: 1 } }, /each value of environment/],
    [{ environment: { 'A=': '1' } }, /each value of environment/],
    [{ work: { kind: 'shell', command: 'a', args: [1] } }, /work.args must be a list of texts/],
    [{ mesos: { contaner: {} } }, /mesos.contaner is none of check, command, container/],
    [{ mesos: { killPolicy: {} } }, /mesos.killPolicy is given as killGraceMs/],
    [{ mesos: { command: { value: 'x' } } }, /mesos.command.value is given by the work/],
    [{ mesos: { container: { type: 'DOKER' } } }, /container.type must be one of DOCKER, MESOS/],
    [
      { mesos: { container: { type: 'DOCKER', docker: { imge: 'a' } } } },
      /mesos.container.docker.imge is none of the fields of mesos.v1.ContainerInfo.DockerInfo/,
    ],
    [
      { mesos: { container: { type: 'DOCKER', docker: {} } } },
      /mesos.container.docker.image is missing/,
    ],
    [
      { mesos: { container: { type: 'MESOS', volumes: [{ mode: 'RW' }] } } },
      /mesos.container.volumes\[0\].containerPath is missing/,
    ],
    [{ mesos: { labels: { labels: {} } } }, /mesos.labels.labels must be a list/],
    [{ mesos: { healthCheck: { http: { port: 80 } } } }, /healthCheck.type must be COMMAND, HTTP/],
    [{ mesos: { healthCheck: { type: 'TCP' } } }, /mesos.healthCheck.tcp is missing/],
    [
      { mesos: { healthCheck: { type: 'TCP', tcp: { port: 80.5 } } } },
      /healthCheck.tcp.port must be a whole number/,
    ],
    [
      { mesos: { check: { type: 'TCP', tcp: { port: 80 }, delaySeconds: -1 } } },
      /mesos.check.delaySeconds must be 0 or more/,
    ],
    [{ mesos: { limits: { disk: { value: 1 } } } }, /mesos.limits.disk is none of cpus, mem/],
    [{ retry: { maxAttempts: 0 } }, /maxAttempts must be/],
    [{ maxResultBytes: 0.5 }, /maxResultBytes must be/],
  ])('refuses %j and says why', (wrong, why) => {
    expect(() => checkTaskRequest({ ...request, ...wrong } as TaskRequest)).toThrow(why)
  })

  it('lets a complete request pass', () => {
    expect(checkTaskRequest(request)).toEqual(request)
  })
})
