import { describe, expect, it } from 'vitest'
import { launchOperations } from '../../../src/machines/scheduler/offers/launch.ts'
import type { Delivery } from '../../../src/domain/tasks/executors.ts'
import { matchOffers } from '../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import { addTask } from '../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../src/machines/scheduler/tasks/table/task-table.ts'
import { deliveryOf } from '../../../src/framework/delivery/delivery.ts'
import { signLaunches } from '../../../src/framework/delivery/sign-launches.ts'
import type { Signer } from '../../../src/framework/delivery/sign-launches.ts'
import type { SchedulerCall, TaskInfo } from '../../../src/mesos/types.generated.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

const url = 'http://10.0.0.1:4000'
const sha256 = 'a'.repeat(64)
const access = { expires: 1, key: 'k'.repeat(43), relayKeys: { ['a'.repeat(64)]: 'r'.repeat(43) } }

const signer: Signer = {
  url,
  sign: (uri, lifetime) =>
    uri.startsWith(`${url}/`) && !uri.includes('program')
      ? uri.replace(url, `${url}/${lifetime}`)
      : uri,
  accessTo: () => access,
}

const shipped = {
  program: { uri: `${url}/blobs/${sha256}/program`, sha256 },
  libraries: [{ name: 'a.jar', kind: 'jar' as const, sha256, uri: `${url}/blobs/${sha256}/a.jar` }],
  manifestUri: `${url}/sets/${sha256}.json`,
  librarySetId: sha256,
  seedUris: `${url}/0_a.jar,${url}/1_b%2C.jar`,
  permission: 'p',
  nodes: [],
}
const own = { node: 'node', resources: {} }
const runtime = { node: 'none', nodes: [], jres: [] } as const

/** What is sent for one task, before and after. */
function launch(delivery: Delivery): readonly [TaskInfo, TaskInfo] {
  const request = { id: 't', work: { kind: 'shell', command: `echo ${url}/x` } } as const
  const [plan] = matchOffers([offer('o1')], addTask(emptyTaskTable, request), delivery)
  const operations = plan === undefined ? [] : launchOperations(plan, 'f1', delivery)
  const call: SchedulerCall = { type: 'ACCEPT', accept: { offerIds: [], operations } }
  return [infoOf(call), infoOf(signLaunches(call, signer))]
}

function infoOf(call: SchedulerCall): TaskInfo {
  const [operation] = call.type === 'ACCEPT' ? (call.accept.operations ?? []) : []
  const [info] = operation?.type === 'LAUNCH' ? (operation.launch.taskInfos ?? []) : []
  if (info === undefined) throw new Error('not launched')
  return info
}

describe('signLaunches', () => {
  it("puts the key of a task's set into its data, and changes nothing else of an executor of ours", () => {
    const [plain, signed] = launch(
      deliveryOf({ delivery: 'executor', runtime, executor: own }, shipped),
    )
    const payload = JSON.parse(Buffer.from(signed.data ?? '', 'base64').toString()) as object
    expect(payload).toMatchObject({ librarySet: { id: sha256, access } })
    expect(JSON.stringify(plain)).not.toContain(access.key)
    expect(Buffer.from(plain.data ?? '', 'base64').toString()).not.toContain('access')
    expect(signed.executor).toEqual(plain.executor)
  })

  it('signs the argument of a script for as long as it must not change', () => {
    const executor = { ...own, script: '/x/run.sh' }
    const [plain, signed] = launch(deliveryOf({ delivery: 'executor', runtime, executor }, shipped))
    const { value = '' } = signed.executor?.command ?? {}
    expect(value.endsWith(` ${url}/standing/0_a.jar,${url}/standing/1_b%2C.jar`)).toBe(true)
    expect(signed.executor?.executorId).toEqual(plain.executor?.executorId)
    const other = deliveryOf(
      { delivery: 'executor', runtime, executor },
      { ...shipped, permission: 'q' },
    )
    expect(launch(other)[0].executor?.executorId).not.toEqual(plain.executor?.executorId)
  })

  it("signs what Mesos' fetcher brings for a command, and not the command itself", () => {
    const [plain, signed] = launch(
      deliveryOf({ delivery: 'fetcher', runtime, executor: own }, shipped),
    )
    expect(signed.command?.uris?.[0]?.value).toBe(`${url}/launch/blobs/${sha256}/a.jar`)
    expect(signed.command?.value).toBe(plain.command?.value)
  })
})
