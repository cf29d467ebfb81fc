import { beforeEach, describe, expect, it } from 'vitest'
import { GraphWarnings } from '../../../../src/coordinates/maven/graph/graph-warnings.ts'
import { dependencyOf } from './pom-dependency.ts'

const gav = { groupId: 'g', artifactId: 'a', version: '1' }
const artifact = { ...gav, extension: 'jar', classifier: '' }
const pom = {
  ...gav,
  dependencies: [],
  managed: [],
  relocation: undefined,
  repositoryUrls: [],
  fault: undefined,
}

let messages: string[]
let warnings: GraphWarnings

beforeEach(() => {
  messages = []
  warnings = new GraphWarnings((message) => messages.push(message))
})

describe('GraphWarnings', () => {
  it('warns once of a missing POM', () => {
    warnings.checkPom(artifact, undefined)
    warnings.checkPom(artifact, undefined)
    expect(messages).toEqual(['no repository has the POM of g:a:1: taken without dependencies'])
  })

  it('warns of an invalid POM with its fault', () => {
    warnings.checkPom(artifact, pom)
    warnings.checkPom(artifact, { ...pom, fault: 'it has no version' })
    expect(messages).toEqual([
      'the POM of g:a:1 is invalid, taken without dependencies: it has no version',
    ])
  })

  it('warns of an unknown scope, but not of a requested one', () => {
    warnings.checkScope(dependencyOf('g:b:1', 'shaded'), undefined)
    warnings.checkScope(dependencyOf('g:b:1', 'runtime'), artifact)
    warnings.checkScope(dependencyOf('g:b:1', 'shaded'), artifact)
    expect(messages).toEqual([
      'g:a:1 has g:b in scope "shaded", which Maven does not know: taken as runtime',
    ])
  })
})
