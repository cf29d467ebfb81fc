/**
 * Jars that a JVM for many tasks does not serve.
 * Source: java.sql.DriverManager; JAR File Specification, "Service Provider"; Spring Boot, "The Executable Jar Format".
 */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { readZipDirectory } from '../../../../archive/zip-directory.ts'

interface Contents {
  readonly hasDriver: boolean
  readonly hasLauncher: boolean
  /** A service that Java looks for in its system class loader alone. */
  readonly service?: string
}

const services = 'META-INF/services/'
/** Beginnings of the names of services that Java looks for in its system class loader. */
const systemServices = [
  'java.lang.System$',
  'java.net.',
  'java.nio.',
  'java.rmi.',
  'java.security.',
  'java.text.spi.',
  'java.time.',
  'java.util.prefs.',
  'java.util.spi.',
]
const launcher = 'org/springframework/boot/loader/'

/** Jars looked at; all are looked at again when there are too many, as sets come and go. */
const known = new Map<string, Promise<Contents>>()
const maxKnown = 10_000

/** Why tasks with these jars need a JVM of their own; undefined when they need none. */
export async function findOwnJvmReason(
  paths: readonly string[],
  isolation: 'shared' | 'child-first',
): Promise<string | undefined> {
  if (known.size > maxKnown) known.clear()
  for (const path of paths) {
    const found = known.get(path) ?? look(path)
    known.set(path, found)
    const reason = reasonOf(await found, isolation)
    if (reason !== undefined) return `${basename(path)} ${reason}`
  }
  return undefined
}

function reasonOf(contents: Contents, isolation: 'shared' | 'child-first'): string | undefined {
  const { hasDriver, hasLauncher, service } = contents
  if (hasDriver) return 'has a JDBC driver, which a JVM for many tasks would keep for ever'
  if (hasLauncher) return "has Spring Boot's launcher, which changes how its JVM opens jars"
  if (isolation === 'shared' || service === undefined) return undefined
  return `offers ${service}, which Java looks for on its class path alone`
}

/** A jar that cannot be read has nothing: java will say what is wrong with it. */
async function look(path: string): Promise<Contents> {
  try {
    const file = await open(path, 'r')
    try {
      return contentsOf((await readZipDirectory(file)).map(({ name }) => name))
    } finally {
      await file.close()
    }
  } catch {
    return { hasDriver: false, hasLauncher: false }
  }
}

function contentsOf(names: readonly string[]): Contents {
  const offered = names.find((name) =>
    systemServices.some((service) => name.startsWith(services + service)),
  )
  return {
    hasDriver: names.includes(`${services}java.sql.Driver`),
    hasLauncher: names.some((name) => name.startsWith(launcher)),
    ...(offered === undefined ? {} : { service: offered.slice(services.length) }),
  }
}
