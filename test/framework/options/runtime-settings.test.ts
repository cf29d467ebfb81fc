import { describe, expect, it } from 'vitest'
import { runtimeOf } from '../../../src/framework/options/runtime-settings.ts'

const sha256 = 'a'.repeat(64)
const none = { nodes: [], jres: [] }

describe('runtimeOf', () => {
  it('ships a Node.js to agents without one unless told otherwise', () => {
    expect(runtimeOf({})).toEqual({ node: 'auto', ...none })
    expect(runtimeOf({ runtime: 'none' })).toEqual({ node: 'none', ...none })
    expect(runtimeOf({ runtime: ['node', 'node'] })).toEqual({ node: 'shipped', ...none })
  })

  it('takes archives of each runtime, in their order', () => {
    const url = `https://example.org/jre.tar.gz#${sha256}`
    expect(runtimeOf({ runtime: ['jre=/a b.tgz', `jre=${url}`] })).toEqual({
      node: 'auto',
      nodes: [],
      jres: ['/a b.tgz', url],
    })
    expect(runtimeOf({ runtime: ['node=n.tgz', 'jre=maven:g:a:1'] })).toEqual({
      node: 'shipped',
      nodes: ['n.tgz'],
      jres: ['maven:g:a:1'],
    })
  })

  it.each([
    ['nodejs', /runtime "nodejs" must be auto, none, node/],
    ['jre', /must be/],
    ['jre=', /must be/],
    [['none', 'node'], /none and node exclude each other/],
    [['none', 'jre=x'], /none and jre=ARCHIVE exclude each other/],
    ['jre=https://example.org/jre.tar.gz', /needs the SHA-256/],
    ['node=http://example.org/n.tgz#abc', /needs the SHA-256/],
    [`node=http://#${sha256}`, /an address that is no URL/],
  ])('refuses %j', (runtime, message) => {
    expect(() => runtimeOf({ runtime })).toThrow(message)
  })

  it('shows neither the password nor the query of an address', () => {
    const runtime = 'jre=https://me:secret@example.org/jre.tar.gz?token=secret'
    expect(() => runtimeOf({ runtime })).toThrow(
      'runtime https://example.org/jre.tar.gz needs the SHA-256 of the archive after #',
    )
  })
})
