/** A message as plain data with its names in JSON. */
import { encodeMessage } from '../../mesos/codec.ts'
import type { MesosMessages } from '../../mesos/types.generated.ts'

export function toWireJson<Name extends keyof MesosMessages>(
  name: Name,
  message: MesosMessages[Name],
): unknown {
  const json = encodeMessage(name, message, 'application/json', { writeDefaults: true })
  return JSON.parse(Buffer.from(json).toString())
}
