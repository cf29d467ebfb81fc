/**
 * Closures of real packages beside what Maven makes of them, both from cold caches, each as a program of its own; what
 * Maven's plugin needs is fetched before. A set or an order that is not Maven's ends the benchmark.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { PackageLock } from '../../../src/coordinates/packages/package-lock.ts'
import type { Figure } from '../support/measure.ts'

const run = promisify(execFile)
// npm runs its scripts in the package's folder.
const cli = resolve('dist/cli/main.js')
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath'
const roots: readonly (readonly string[])[] = [
  ['org.apache.spark:spark-sql_2.13:3.5.3'],
  ['com.mysql:mysql-connector-j:9.1.0'],
  ['org.springframework.boot:spring-boot-starter-web:3.3.4'],
]

export async function* figures(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  try {
    const plugins = join(folder, 'plugins')
    if (!(await fetchPlugins(folder, plugins))) return
    const javaVersion = await javaVersionOf()
    for (const [index, packages] of roots.entries()) {
      const place = join(folder, String(index))
      await mkdir(place)
      const ours = await resolveWithUs(packages, place, javaVersion)
      const theirs = await resolveWithMaven(packages, place, plugins)
      compare(packages, ours.files, theirs.files)
      const name = packages.map((coordinate) => coordinate.split(':').slice(1).join(':')).join(', ')
      yield {
        case: `${name}, ${ours.files.length} files, cold`,
        value: ours.seconds,
        unit: 's',
        peer: 'mvn',
        peerValue: theirs.seconds,
        ratio: ours.seconds / theirs.seconds,
      }
      await rm(place, { recursive: true, force: true })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Outcome {
  readonly seconds: number
  /** Names in class-path order. */
  readonly files: readonly string[]
}

async function resolveWithUs(
  packages: readonly string[],
  place: string,
  javaVersion: string,
): Promise<Outcome> {
  const lockFile = join(place, 'lock.json')
  const named = packages.flatMap((coordinate) => ['--package', `maven:${coordinate}`])
  const env = {
    ...process.env,
    XDG_CACHE_HOME: place,
    MAVEN_ARGS: `-Dmaven.repo.local=${place}/no`,
  }
  const args = [cli, 'resolve', ...named, '--lock', lockFile, '--java-version', javaVersion]
  const seconds = await time(process.execPath, args, env)
  const { maven } = JSON.parse(await readFile(lockFile, 'utf8')) as PackageLock
  const files = (maven?.classPath ?? []).map((id) => basename(maven?.artifacts[id]?.path ?? ''))
  return { seconds, files }
}

async function resolveWithMaven(
  packages: readonly string[],
  place: string,
  plugins: string,
): Promise<Outcome> {
  const repository = join(place, 'm2')
  const output = join(place, 'class-path')
  await cp(plugins, repository, { recursive: true })
  await writeFile(join(place, 'pom.xml'), projectOf(packages))
  const seconds = await time('mvn', mavenArgs(place, repository, output))
  const paths = (await readFile(output, 'utf8')).split(':')
  return { seconds, files: paths.map((path) => basename(path.trim())) }
}

/** False, and said so, when there is no Maven or no Central. */
async function fetchPlugins(folder: string, plugins: string): Promise<boolean> {
  await writeFile(join(folder, 'pom.xml'), projectOf([]))
  try {
    await time('mvn', mavenArgs(folder, plugins, join(folder, 'class-path')))
    return true
  } catch {
    console.error('mvn: skipped: needs Maven and Maven Central (apt-get install maven)')
    return false
  }
}

function mavenArgs(place: string, repository: string, output: string): readonly string[] {
  const pom = join(place, 'pom.xml')
  const options = ['-DincludeScope=runtime', `-Dmdep.outputFile=${output}`]
  return ['-B', '-q', '-f', pom, `-Dmaven.repo.local=${repository}`, plugin, ...options]
}

function projectOf(packages: readonly string[]): string {
  const dependencies = packages.map((coordinate) => {
    const [groupId, artifactId, version] = coordinate.split(':')
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`
  })
  return `<project><modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>bench</artifactId><version>1</version><packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>`
}

async function javaVersionOf(): Promise<string> {
  const { stdout } = await run('mvn', ['-B', '-version'])
  return /Java version: ([\d._]+)/.exec(stdout)?.[1] ?? '17'
}

async function time(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const startedAt = performance.now()
  await run(command, args, { env, maxBuffer: 64 * 1024 * 1024 })
  return (performance.now() - startedAt) / 1000
}

function compare(
  packages: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): void {
  if (ours.join('\n') === theirs.join('\n')) return
  const missing = theirs.filter((file) => !ours.includes(file))
  const extra = ours.filter((file) => !theirs.includes(file))
  throw new Error(
    `${packages.join(', ')} is not what Maven makes; missing: ${missing.join(' ')}; extra: ${extra.join(' ')}`,
  )
}
