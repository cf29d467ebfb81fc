/**
 * `/maintenance/schedule`, `/maintenance/status`, `/machine/down` and `/machine/up` of the master.
 * Source: apache/mesos docs/endpoints/master; src/master/http.cpp (maintenanceSchedule,
 * machineDown).
 */
import type { IncomingMessage } from 'node:http'
import { JarcastError } from '../../../errors.ts'
import { decodeMessage } from '../../../mesos/codec.ts'
import type { MachineID, MaintenanceSchedule } from '../../../mesos/types.generated.ts'
import { badRequest, methodNotAllowed, readBody } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { startMaintenance, stopMaintenance } from '../../master/maintenance/machine-modes.ts'
import { getMaintenanceStatus, updateSchedule } from '../../master/maintenance/maintenance.ts'
import type { Master } from '../../master/master.ts'
import { toWireJson } from '../../messages/wire-json.ts'
import { viewAnswer } from '../view-request.ts'
import type { ViewRequest } from '../view-request.ts'

/** Undefined for other paths. Bodies are JSON with any Content-Type. */
export async function answerMaintenance(
  master: Master,
  request: IncomingMessage,
  { method, path, query }: ViewRequest,
): Promise<Answer | undefined> {
  const { state } = master
  const isRead = method === 'GET'
  const isPost = method === 'POST'
  switch (path) {
    case '/maintenance/schedule':
      if (isPost)
        return change(request, readSchedule, (schedule) => updateSchedule(state, schedule))
      if (!isRead) return methodNotAllowed(method, 'GET, POST')
      return viewAnswer(
        query,
        toWireJson('mesos.v1.maintenance.Schedule', state.registrar.maintenance.schedule),
      )
    case '/maintenance/status':
      if (!isRead) return methodNotAllowed(method, 'GET')
      return viewAnswer(
        query,
        toWireJson('mesos.v1.maintenance.ClusterStatus', getMaintenanceStatus(state)),
      )
    case '/machine/down':
      if (!isPost) return methodNotAllowed(method)
      return change(request, readMachines, (ids) => startMaintenance(state, ids, master.shutDown))
    case '/machine/up':
      if (!isPost) return methodNotAllowed(method)
      return change(request, readMachines, (ids) => stopMaintenance(state, ids))
    default:
      return undefined
  }
}

async function change<T>(
  request: IncomingMessage,
  read: (body: Buffer) => T,
  apply: (asked: T) => Answer,
): Promise<Answer> {
  const body = await readBody(request)
  if (body === undefined) return { status: 413, headers: { Connection: 'close' } }
  try {
    return apply(read(body))
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    return badRequest(error.message)
  }
}

function readSchedule(body: Buffer): MaintenanceSchedule {
  return decodeMessage('mesos.v1.maintenance.Schedule', body, 'application/json')
}

/** Reads a list of machines: it is not a message of its own. */
function readMachines(body: Buffer): readonly MachineID[] {
  const wrapped = Buffer.concat([Buffer.from('{"machines":'), body, Buffer.from('}')])
  const { machines = [] } = decodeMessage(
    'mesos.v1.master.Call.StartMaintenance',
    wrapped,
    'application/json',
  )
  return machines
}
