import { describe, expect, it } from 'vitest'
import { parseUriList, readEnvironment } from '../../../src/executor/agent/environment.ts'

/** As a Mesos 1.12.0 agent set it for an executor of a checkpointing framework. */
const recorded = {
  MESOS_EXECUTOR_ID: 'cap-json',
  MESOS_CHECKPOINT: '1',
  MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
  MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
  MESOS_AGENT_ENDPOINT: '127.0.0.1:5061',
  MESOS_SANDBOX: '/srv/sandbox',
  MESOS_RECOVERY_TIMEOUT: '15mins',
  MESOS_FRAMEWORK_ID: 'framework-0004',
}

describe('readEnvironment', () => {
  it('reads what an agent sets', () => {
    expect(readEnvironment(recorded)).toEqual({
      agentUrl: 'http://127.0.0.1:5061',
      tls: {},
      mediaType: 'application/x-protobuf',
      frameworkId: 'framework-0004',
      executorId: 'cap-json',
      sandbox: '/srv/sandbox',
      checkpoint: true,
      recoveryTimeoutMs: 900_000,
      subscriptionBackoffMaxMs: 2000,
      shutdownGraceMs: 5000,
    })
  })

  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    [undefined, false],
  ])('reads MESOS_CHECKPOINT %s as %s', (value, checkpoint) => {
    const env = { ...recorded, MESOS_CHECKPOINT: value }
    expect(readEnvironment(env).checkpoint).toBe(checkpoint)
  })

  it('keeps the token of the agent', () => {
    const env = { ...recorded, MESOS_EXECUTOR_AUTHENTICATION_TOKEN: 'secret' }
    expect(readEnvironment(env).token).toBe('secret')
  })

  it('uses the codec that its framework sets', () => {
    const { mediaType } = readEnvironment({ ...recorded, JARCAST_CODEC: 'json' })
    expect(mediaType).toBe('application/json')
  })

  it.each(['1', 'true'])('uses TLS if libprocess does: %s', (value) => {
    const env = { ...recorded, LIBPROCESS_SSL_ENABLED: value }
    const { agentUrl, tls } = readEnvironment(env)
    expect(agentUrl).toBe('https://127.0.0.1:5061')
    // As in Mesos' own executors, no certificate is verified without a CA file or a setting.
    expect(tls.rejectUnauthorized).toBe(false)
    const looking = readEnvironment({ ...env, LIBPROCESS_SSL_VERIFY_SERVER_CERT: value })
    expect(looking.tls.rejectUnauthorized).toBeUndefined()
  })

  it('uses plain HTTP if TLS is off', () => {
    const env = { ...recorded, LIBPROCESS_SSL_ENABLED: '0', LIBPROCESS_SSL_CA_FILE: '/none' }
    expect(readEnvironment(env).agentUrl).toBe('http://127.0.0.1:5061')
  })

  it('names a CA file that cannot be read', () => {
    const env = { ...recorded, LIBPROCESS_SSL_ENABLED: '1', LIBPROCESS_SSL_CA_FILE: '/none.pem' }
    expect(() => readEnvironment(env)).toThrow('/none.pem')
  })

  it('names every variable that is missing', () => {
    expect(() => readEnvironment({ MESOS_SANDBOX: '/s', MESOS_EXECUTOR_ID: '' })).toThrow(
      'MESOS_AGENT_ENDPOINT, MESOS_FRAMEWORK_ID, MESOS_EXECUTOR_ID missing',
    )
  })

  it('refuses an invalid duration', () => {
    const env = { ...recorded, MESOS_RECOVERY_TIMEOUT: 'soon' }
    expect(() => readEnvironment(env)).toThrow('soon')
  })
})

describe('parseUriList', () => {
  it('splits at commas and drops empty parts', () => {
    expect(parseUriList('http://a/0_a.jar,,https://b/1_b.jar,')).toEqual([
      'http://a/0_a.jar',
      'https://b/1_b.jar',
    ])
    expect(parseUriList(undefined)).toEqual([])
  })

  it('refuses anything but http and https URIs', () => {
    expect(() => parseUriList('http://a/0_a.jar,file:///etc/passwd')).toThrow('file:///etc/passwd')
    expect(() => parseUriList('jars')).toThrow('jars is not the http or https URI')
  })
})
