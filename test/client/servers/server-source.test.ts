import { Subject, VirtualTimeScheduler, firstValueFrom, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { electedServer, listedServers } from '../../../src/client/servers/server-source.ts'
import type { Leadership } from '../../../src/client/zookeeper/leader.ts'
import { JarcastError } from '../../../src/errors.ts'

const { signal } = new AbortController()
const problem = new JarcastError('ZOOKEEPER_UNREACHABLE', 'down', { retryable: true })
const leads = (host: string): Leadership => ({
  leader: new URL(`http://${host}:5050`),
  problem: undefined,
})
const none: Leadership = { leader: undefined, problem }

/** A source, and what names its leaders. */
function start() {
  const leadershipSubject = new Subject<Leadership>()
  const source = electedServer(leadershipSubject)
  const next = async (): Promise<string> => (await source.next(signal)).url.hostname
  return { leadershipSubject, source, next }
}

describe('listedServers', () => {
  it('keeps a server until it fails, then takes the next', async () => {
    const source = listedServers(['http://a', 'http://b'].map((url) => new URL(url)))
    const next = async () => (await source.next(signal)).url.hostname
    expect([await next(), await next()]).toEqual(['a', 'a'])
    source.skip()
    expect([await next(), await next()]).toEqual(['b', 'b'])
    source.skip()
    expect(await next()).toBe('a')
  })
})

describe('electedServer', () => {
  it('waits for a leader, and keeps it until the next', async () => {
    const { leadershipSubject, next } = start()
    const first = next()
    leadershipSubject.next(none)
    leadershipSubject.next(leads('a'))
    expect([await first, await next()]).toEqual(['a', 'a'])
    leadershipSubject.next(none)
    leadershipSubject.next(leads('b'))
    expect(await next()).toBe('b')
  })

  it('ends the stream of a leader when another is elected', async () => {
    const { leadershipSubject, source } = start()
    const first = source.next(signal)
    leadershipSubject.next(leads('a'))
    const ended = expect(firstValueFrom((await first).superseded$)).rejects.toMatchObject({
      code: 'STREAM_ENDED',
      retryable: true,
      message: 'b:5050 leads instead of a:5050',
    })
    leadershipSubject.next(leads('a'))
    leadershipSubject.next({ ...leads('a'), problem })
    leadershipSubject.next(none)
    leadershipSubject.next(leads('b'))
    await ended
  })

  it('keeps a stream while there is no leader, or no answer', async () => {
    const { leadershipSubject, source } = start()
    const first = source.next(signal)
    leadershipSubject.next(leads('a'))
    let hasEnded = false
    ;(await first).superseded$.subscribe({ error: () => (hasEnded = true) })
    leadershipSubject.next(none)
    leadershipSubject.error(new JarcastError('ZOOKEEPER_REJECTED', 'no'))
    expect(hasEnded).toBe(false)
  })

  it('emits news after an election, also of the same master', async () => {
    const { leadershipSubject, source, next } = start()
    let news = 0
    const first = next()
    leadershipSubject.next(leads('a'))
    await first
    source.news$.subscribe(() => (news += 1))
    expect(news).toBe(0)
    leadershipSubject.next({ ...leads('a'), problem })
    expect(news).toBe(0)
    leadershipSubject.next(none)
    expect(news).toBe(0)
    leadershipSubject.next(leads('a'))
    expect(news).toBe(1)
  })

  it('rejects with the problem after two seconds without a leader', async () => {
    const scheduler = new VirtualTimeScheduler()
    const leadershipSubject = new Subject<Leadership>()
    const source = electedServer(leadershipSubject, scheduler)
    const first = source.next(signal)
    scheduler.flush()
    await expect(first).rejects.toMatchObject({ code: 'MASTER_UNREACHABLE', retryable: true })
    const second = source.next(signal)
    leadershipSubject.next(none)
    scheduler.flush()
    await expect(second).rejects.toBe(problem)
  })

  it('rejects with the error of the stream, and starts again', async () => {
    const final = new JarcastError('ZOOKEEPER_REJECTED', 'no')
    let subscribes = 0
    const source = electedServer(
      throwError(() => {
        subscribes += 1
        return final
      }),
    )
    await expect(source.next(signal)).rejects.toBe(final)
    await expect(source.next(signal)).rejects.toBe(final)
    expect(subscribes).toBe(2)
  })

  it('ends its waits and its source when closed or aborted', async () => {
    const { leadershipSubject, source, next } = start()
    const waiting = next()
    expect(leadershipSubject.observed).toBe(true)
    source.close()
    expect(leadershipSubject.observed).toBe(false)
    await expect(waiting).rejects.toMatchObject({ code: 'STREAM_ENDED', retryable: false })
    const aborting = new AbortController()
    const aborted = start().source.next(aborting.signal)
    aborting.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'STREAM_ENDED' })
  })
})
