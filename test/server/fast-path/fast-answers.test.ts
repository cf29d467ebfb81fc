import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAdmission } from '../../../src/access/admission.ts'
import { createBlobCache } from '../../../src/server/blobs/blob-cache.ts'
import type { BlobResource, StagedBlob } from '../../../src/server/blobs/blob.ts'
import type { BlobSender } from '../../../src/server/blobs/send-blob.ts'
import { createFastAnswers } from '../../../src/server/fast-path/fast-answers.ts'
import type { RequestRecord } from '../../../src/server/http/exchange.ts'

const blob: StagedBlob = { name: 'a.jar', sha256: 'ab', sizeBytes: 10, path: '' }
const head = Buffer.from('GET /a.jar HTTP/1.1\r\nHost: a\r\n\r\n')

/** Answers for one file, of which one body is sent at a time. */
function answersFor({ smallBytes = 0, isGone = false } = {}) {
  const closed = new AbortController()
  const client = {
    socket: new Socket(),
    remoteAddress: '10.0.0.1',
    closed: closed.signal,
    cut: () => undefined,
  }
  const records: RequestRecord[] = []
  let loads = 0
  const cache = createBlobCache({
    budgetBytes: 100,
    smallBytes,
    load: async () => {
      loads += 1
      if (isGone) throw new Error('the file is gone')
      return Buffer.alloc(10)
    },
  })
  const libraries = createAdmission({ maxStreams: 1 })
  const sender: BlobSender = {
    libraries,
    urgent: libraries,
    public: libraries,
    cache,
    onBytes: undefined,
  }
  const resource: BlobResource = { blob, isImmutable: true }
  const answers = createFastAnswers(
    {
      find: () => resource,
      admit: (_, path) => path,
      onRequest: (record) => records.push(record),
    },
    sender,
  )
  const isFree = (): boolean => {
    const turn = libraries.enterNow({ ...client, closed: new AbortController().signal })
    turn?.leave()
    return turn !== undefined
  }
  return { answers, client, records, isFree, loads: () => loads }
}

describe('createFastAnswers', () => {
  it('reads a large blob into memory from its second request on', async () => {
    const { answers, client, isFree, loads } = answersFor()
    // This one is read from its file, which is not there.
    expect(await answers.prepare(head, client)).toBeUndefined()
    expect([loads(), isFree()]).toEqual([0, true])
    expect(await answers.prepare(head, client)).toMatchObject({ answer: { status: 200 } })
    expect(loads()).toBe(1)
  })

  it('holds its turn until the answer ends', async () => {
    const { answers, client, records, isFree } = answersFor({ smallBytes: 10 })
    const answer = await answers.prepare(head, client)
    if (answer === undefined) throw new Error('no answer')
    expect([isFree(), answers.prepare(head, client)]).toEqual([false, undefined])
    answers.end(answer)
    expect(isFree()).toBe(true)
    expect(records).toMatchObject([{ path: '/a.jar', status: 200, sha256: 'ab', name: 'a.jar' }])
  })

  it('gives its turn back if the file cannot be read', async () => {
    const { answers, client, records, isFree } = answersFor({ smallBytes: 10, isGone: true })
    expect(await answers.prepare(head, client)).toBeUndefined()
    expect([isFree(), records]).toEqual([true, []])
  })
})
