import { describe, expect, it } from 'vitest'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import { salvageOfferIds } from '../../src/mesos/salvage-offers.ts'
import type { SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'

const json = schedulerCodec('application/json')
const binary = schedulerCodec('application/x-protobuf')
const ids = ['m-O1', 'm-O2', 'm-O3']
const event: SchedulerEvent = {
  type: 'OFFERS',
  offers: { offers: ids.map((id) => offer(id, { attributes: { rack: 'r' } })) },
}

/** The event's bytes with one text in them made another of the same length. */
function changed(from: string, to: string): Buffer {
  return Buffer.from(
    Buffer.from(binary.encodeEvent(event)).toString('latin1').replace(from, to),
    'latin1',
  )
}

describe('salvageOfferIds', () => {
  it.each<MediaType>(['application/json', 'application/x-protobuf'])(
    'reads the ids of whole offers in %s, and of nothing else',
    (mediaType) => {
      const codec = schedulerCodec(mediaType)
      expect(salvageOfferIds(codec.encodeEvent(event), mediaType)).toEqual(ids)
      const update = { type: 'UPDATE', update: { status: status('a', 'TASK_RUNNING') } } as const
      for (const other of [{ type: 'HEARTBEAT' }, update] as const)
        expect(salvageOfferIds(codec.encodeEvent(other), mediaType)).toEqual([])
    },
  )

  it('reads the ids beside an offer that is broken', () => {
    // The length of the second offer's host name reaches beyond it.
    const broken = changed('\u000Aa1.example', '\u007Fa1.example')
    expect(() => binary.decodeEvent(broken)).toThrow(/MESSAGE|protobuf/)
    expect(salvageOfferIds(broken, 'application/x-protobuf')).toEqual(ids)
    const text = JSON.stringify(JSON.parse(Buffer.from(json.encodeEvent(event)).toString()))
    const odd = Buffer.from(text.replace('"hostname":"a1.example"', '"hostname":7'))
    expect(() => json.decodeEvent(odd)).toThrow(/hostname/)
    expect(salvageOfferIds(odd, 'application/json')).toEqual(ids)
  })

  it('reads the part before the end of a cut record, and never throws', () => {
    for (const [codec, mediaType] of [
      [binary, 'application/x-protobuf'],
      [json, 'application/json'],
    ] as const) {
      const bytes = codec.encodeEvent(event)
      for (let length = 0; length < bytes.length; length++) {
        const found = salvageOfferIds(bytes.subarray(0, length), mediaType)
        expect(ids.slice(0, found.length)).toEqual(found)
      }
    }
    for (const text of ['null', '[]', '7', '{"type":"OFFERS","offers":{"offers":[null,{"id":7}]}}'])
      expect(salvageOfferIds(Buffer.from(text), 'application/json')).toEqual([])
  })
})
