import { describe, expect, it } from 'vitest'
import {
  findContainerFault,
  findVariablesFault,
} from '../../../../src/domain/tasks/container/container-fault.ts'
import {
  findCommandError,
  findContainerError,
} from '../../../../src/local/master/validation/task-info-validation.ts'
import type {
  CommandInfo,
  ContainerInfo,
  EnvironmentVariable,
  Volume,
} from '../../../../src/mesos/types.generated.ts'

const secret = { type: 'REFERENCE', reference: { name: 'db' } } as const
const withVolume = (volume: Partial<Volume>): ContainerInfo => {
  return { type: 'MESOS', volumes: [{ containerPath: 'x', mode: 'RW', ...volume }] }
}

/** Each container, and what the fault says; undefined for a good one. */
const containers: readonly (readonly [ContainerInfo, string | undefined])[] = [
  [{ type: 'MESOS' }, undefined],
  [{ type: 'DOCKER', docker: { image: 'a' } }, undefined],
  [{ type: 'DOCKER' }, 'c.docker is missing'],
  [
    { type: 'DOCKER', docker: { image: 'a', parameters: [{ key: 'name', value: 'b' }] } },
    'c.docker.parameters must not have name',
  ],
  [withVolume({ hostPath: '/a' }), undefined],
  [withVolume({}), 'c.volumes[0] must have one of hostPath, image and source; it has none'],
  [
    withVolume({ hostPath: '/a', source: { type: 'SECRET', secret } }),
    'it has hostPath and source',
  ],
  [withVolume({ source: { type: 'SECRET', secret } }), undefined],
  [withVolume({ source: { type: 'SECRET' } }), 'c.volumes[0].source.secret is missing'],
  [withVolume({ source: { type: 'HOST_PATH' } }), 'c.volumes[0].source.hostPath is missing'],
  [withVolume({ source: { type: 'SANDBOX_PATH' } }), '.source.sandboxPath is missing'],
  [withVolume({ source: { type: 'DOCKER_VOLUME' } }), '.source.dockerVolume is missing'],
  [withVolume({ source: { type: 'UNKNOWN' } }), 'c.volumes[0].source.type must be one of'],
  [withVolume({ source: {} }), 'c.volumes[0].source.type must be one of'],
]

describe('findContainerFault', () => {
  it.each(containers)('%j: %s, as the master says', (container, fault) => {
    const found = findContainerFault(container, 'c')
    if (fault === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(fault)
    expect(findContainerError(container) === undefined).toBe(found === undefined)
  })
})

const variables: readonly (readonly [EnvironmentVariable, string | undefined])[] = [
  [{ name: 'A', value: 'a' }, undefined],
  [{ name: 'A' }, 'A of type VALUE has no value'],
  [{ name: 'A', value: 'a', secret }, 'A of type VALUE must not have a secret'],
  [{ name: 'A', type: 'SECRET', secret }, undefined],
  [{ name: 'A', type: 'SECRET' }, 'A of type SECRET has no secret'],
  [{ name: 'A', type: 'SECRET', secret, value: 'a' }, 'must not have a value'],
  [{ name: 'A', type: 'UNKNOWN', value: 'a' }, 'A has type UNKNOWN'],
]

describe('findVariablesFault', () => {
  it.each(variables)('%j: %s, as the master says', (variable, fault) => {
    const command: CommandInfo = { environment: { variables: [variable] } }
    const found = findVariablesFault(command, 'mesos.command')
    if (fault === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(fault)
    expect(findCommandError(command) === undefined).toBe(found === undefined)
  })
})
