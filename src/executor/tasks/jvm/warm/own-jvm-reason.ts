/**
 * Finds jars that cannot run in a JVM for many tasks.
 * Source: java.sql.DriverManager; JAR File Specification, "Service Provider"; Spring Boot, "The
 * Executable Jar Format".
 */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { defined } from '../../../../defined.ts'
import { readZipDirectory } from '../../../../archive/zip-directory.ts'

interface Contents {
  readonly hasDriver: boolean
  readonly hasLauncher: boolean
  /** A service that Java looks for in its system class loader only. */
  readonly service?: string
}

const services = 'META-INF/services/'
/** Prefixes of services that Java looks for in its system class loader only. */
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

/** Contents of jars by path. All are read again when there are too many: sets come and go. */
const known = new Map<string, Promise<Contents>>()
const maxKnown = 10_000

/** Returns why tasks with these jars need their own JVM; undefined if they do not. */
export async function findOwnJvmReason(
  paths: readonly string[],
  isolation: 'shared' | 'child-first',
): Promise<string | undefined> {
  if (known.size > maxKnown) known.clear()
  for (const path of paths) {
    const found = known.get(path) ?? readContents(path)
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

/** A jar that cannot be read counts as empty: java reports the error. */
async function readContents(path: string): Promise<Contents> {
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
    ...defined({ service: offered?.slice(services.length) }),
  }
}
