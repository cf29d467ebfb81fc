import { describe, expect, it } from 'vitest'
import { toJarServerOptions } from '../../../src/cli/flags/jar-server-flags.ts'

describe('toJarServerOptions', () => {
  const of = (flags: object) => toJarServerOptions(flags, undefined)

  it('needs a permission, without TLS, by default', () => {
    expect(of({})).toEqual({})
    expect(of({ open: true, allowHost: ['jars.example'] })).toEqual({
      open: true,
      allowHosts: ['jars.example'],
    })
    expect(of({ jarServerTls: true })).toEqual({ tls: 'auto' })
    const files = { jarServerCert: 'c', jarServerKey: 'k', jarServerCa: 'a' }
    expect(of(files)).toEqual({ tls: { certFile: 'c', keyFile: 'k', caFile: 'a' } })
  })

  it('refuses halves of a certificate', () => {
    for (const half of [{ jarServerCert: 'c' }, { jarServerKey: 'k' }])
      expect(() => of(half)).toThrow('need each other')
    expect(() => of({ jarServerCa: 'a' })).toThrow('--jar-server-ca needs')
  })
})
