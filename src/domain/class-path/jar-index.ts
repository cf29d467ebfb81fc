/**
 * The classes of a jar, for the search for conflicts.
 * Source: JAR File Specification, "JAR Manifest", "Multi-release JAR Files", "Signed JAR File",
 * "Package Sealing".
 */
import { readManifest } from './jar-manifest.ts'
import type { JarArtifact } from './jar-manifest.ts'

/** One file of a jar, from its zip directory. */
export interface JarEntry {
  readonly name: string
  readonly crc32: number
  readonly sizeBytes: number
}

/** Texts of a jar that identify it. */
export interface JarTexts {
  /** `META-INF/MANIFEST.MF`; its main section is enough. */
  readonly manifest?: string
  /** Maven's `pom.properties`: one per artifact, several in uber jars. */
  readonly pomProperties?: readonly string[]
}

export interface JarIndex {
  /** File name, unique on its class path. */
  readonly name: string
  /** A fingerprint (checksum and size) for each class, by name with `/`. */
  readonly classes: ReadonlyMap<string, number>
  readonly artifacts: readonly JarArtifact[]
  /** File names that the manifest's Class-Path adds right after this jar. */
  readonly classPath: readonly string[]
  readonly isSigned: boolean
  readonly isSealed: boolean
  /** Why the jar cannot be read. */
  readonly fault?: string
}

const versioned = /^META-INF\/versions\/(\d{1,4})\/(.+)$/
const minVersionedRelease = 9

/**
 * Indexes the classes that a JVM of this release sees; of a multi-release jar, the newest version
 * of each class up to the release. Leaves out `module-info`, `package-info`, and folders that are
 * no packages (`META-INF`, `BOOT-INF`).
 */
export function indexJar(
  name: string,
  entries: readonly JarEntry[],
  texts: JarTexts,
  javaRelease: number,
): JarIndex {
  const manifest = readManifest(name, texts)
  const classes = new Map<string, number>()
  const releases = new Map<string, number>()
  let isSigned = false
  for (const entry of entries) {
    isSigned ||= /^META-INF\/[^/]+\.SF$/i.test(entry.name)
    if (!entry.name.endsWith('.class')) continue
    const match = entry.name.startsWith('META-INF/') ? versioned.exec(entry.name) : null
    const release = Number(match?.[1] ?? 0)
    const isSeen =
      release === 0 ||
      (manifest.isMultiRelease && release >= minVersionedRelease && release <= javaRelease)
    const className = classNameOf(match?.[2] ?? entry.name)
    if (!isSeen || className === undefined || release < (releases.get(className) ?? 0)) continue
    if (release > 0) releases.set(className, release)
    classes.set(className, fingerprint(entry))
  }
  const { artifacts, classPath, isSealed } = manifest
  return { name, classes, artifacts, classPath, isSigned, isSealed }
}

/** The index of a jar that cannot be read: a JVM skips it silently. */
export function unreadableJar(name: string, fault: string): JarIndex {
  const nothing = { artifacts: [], classPath: [], isSigned: false, isSealed: false }
  return { name, classes: new Map(), ...nothing, fault }
}

function classNameOf(path: string): string | undefined {
  const fileStart = path.lastIndexOf('/') + 1
  const file = path.slice(fileStart)
  if (file === 'module-info.class' || file === 'package-info.class') return undefined
  // A package name has no hyphen.
  if (path.slice(0, fileStart).includes('-')) return undefined
  return path.slice(0, -'.class'.length)
}

/**
 * CRC-32 and the low 20 bits of the size in one safe integer: one number per class saves memory.
 */
function fingerprint({ crc32, sizeBytes }: JarEntry): number {
  return crc32 + (sizeBytes % 2 ** 20) * 2 ** 32
}
