import { describe, expect, it } from 'vitest'
import { agentResponseCodec, masterCodec, masterResponseCodec } from '../../src/mesos/codec.ts'
import type { MasterResponse } from '../../src/mesos/types.generated.ts'

const RESPONSE: MasterResponse = {
  type: 'GET_AGENTS',
  getAgents: {
    agents: [
      {
        agentInfo: { hostname: 'a', port: 5051, resources: [], id: { value: 'S0' } },
        active: true,
        version: '1.12.0',
        registeredTime: { nanoseconds: '1795362719355230200' },
        capabilities: [{ type: 'MULTI_ROLE' }],
      },
    ],
    recoveredAgents: [],
  },
}

describe('masterResponseCodec', () => {
  it('keeps the empty lists of answers, and only theirs', () => {
    const codec = masterResponseCodec('application/json', { writeDefaults: true })
    const text = Buffer.from(codec.encodeEvent(RESPONSE)).toString()
    expect(text).toContain('"recovered_agents":[]')
    expect(text).not.toContain('"resources":[]')
    expect(text).toContain('"nanoseconds":1795362719355230200')
  })

  it('gives the same answer in protobuf', () => {
    const codec = masterResponseCodec('application/x-protobuf')
    const { getAgents } = codec.decodeEvent(codec.encodeEvent(RESPONSE)) as {
      getAgents: { agents: readonly { registeredTime: unknown }[] }
    }
    expect(getAgents.agents[0]?.registeredTime).toEqual({ nanoseconds: '1795362719355230200' })
  })
})

describe('masterCodec', () => {
  it('names a missing field of a call as Mesos does', () => {
    const codec = masterCodec('application/json')
    const read = (text: string) => () => codec.decodeCall(Buffer.from(text))
    expect(read('{}')).toThrow("Expecting 'type' to be present")
    expect(read('{"type":"NO_SUCH_CALL"}')).toThrow("Expecting 'type' to be present")
    expect(read('{"type":"READ_FILE"}')).toThrow("Expecting 'read_file' to be present")
    expect(codec.decodeCall(Buffer.from('{"type":"SUBSCRIBE"}'))).toEqual({ type: 'SUBSCRIBE' })
  })

  it('reads an event of a type that is newer as unknown', () => {
    const event = masterCodec('application/json').decodeEvent(Buffer.from('{"type":"NEWER"}'))
    expect(event).toEqual({ type: 'UNKNOWN', unknownType: 'NEWER' })
  })
})

describe('agentResponseCodec', () => {
  it('reads calls of containers whose body nests', () => {
    const call = agentResponseCodec('application/json').decodeCall(
      Buffer.from('{"type":"GET_CONTAINERS","get_containers":{"show_nested":true}}'),
    )
    expect(call).toEqual({ type: 'GET_CONTAINERS', getContainers: { showNested: true } })
  })
})
