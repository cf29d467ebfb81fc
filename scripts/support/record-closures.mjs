/**
 * Records Maven's class paths in test/fixtures/coordinates/maven-closures.json. Needs mvn and Maven
 * Central, and Java 17 on Linux, since profiles in POMs depend on both.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(
  new URL('../../test/fixtures/coordinates/maven-closures.json', import.meta.url),
)
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1'
const fixture = JSON.parse(readFileSync(file, 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'jarcast-closures-'))
try {
  for (const [name, closure] of Object.entries(fixture.closures)) {
    closure.classPath = classPathOf(name, closure.packages)
    console.log(`${name}: ${closure.classPath.length} files`)
  }
  writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function classPathOf(name, packages) {
  const project = join(folder, name)
  const output = join(project, 'class-path')
  mkdirSync(project)
  writeFileSync(join(project, 'pom.xml'), pomOf(packages))
  const args = [
    '-B',
    '-q',
    '-f',
    join(project, 'pom.xml'),
    `-Dmaven.repo.local=${folder}/repository`,
  ]
  const options = ['-DincludeScope=runtime', `-Dmdep.outputFile=${output}`]
  execFileSync('mvn', [...args, `${plugin}:build-classpath`, ...options], { stdio: 'inherit' })
  return readFileSync(output, 'utf8')
    .split(':')
    .map((path) => basename(path.trim()))
}

function pomOf(packages) {
  const dependencies = packages.map((coordinate) => {
    const [, groupId, artifactId, version] = coordinate.split(':')
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`
  })
  return `<project><modelVersion>4.0.0</modelVersion><groupId>closure</groupId><artifactId>closure</artifactId><version>1</version><packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>`
}
