/**
 * What a jar brings to a class path.
 * Source: JAR File Specification, "JAR Manifest", "Multi-release JAR Files", "Signed JAR File", "Package Sealing".
 */
import { readManifest } from './jar-manifest.ts'
import type { JarArtifact } from './jar-manifest.ts'

/** One file of a jar, as its zip directory has it. */
export interface JarEntry {
  readonly name: string
  readonly crc32: number
  readonly sizeBytes: number
}

/** Texts of a jar that say what it is. */
export interface JarTexts {
  /** `META-INF/MANIFEST.MF`; its main section is enough. */
  readonly manifest?: string
  /** Maven's `pom.properties`: one per artifact, several in uber jars. */
  readonly pomProperties?: readonly string[]
}

export interface JarIndex {
  /** File name, unique on its class path. */
  readonly name: string
  /** What tells two classes of one name apart, by name with `/`: checksum and size. */
  readonly classes: ReadonlyMap<string, number>
  readonly artifacts: readonly JarArtifact[]
  /** File names that the manifest's Class-Path adds right after this jar. */
  readonly classPath: readonly string[]
  readonly isSigned: boolean
  readonly isSealed: boolean
  /** Why nothing is known of it. */
  readonly fault?: string
}

const versioned = /^META-INF\/versions\/(\d{1,4})\/(.+)$/
const minVersionedRelease = 9

/**
 * Indexes the classes that a JVM of this release sees: of a multi-release jar, for each class the newest version up to
 * it. `module-info` and `package-info` are left out, as is what lies in folders that are no packages (`META-INF`, `BOOT-INF`).
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

/** The index of a jar that cannot be read: a JVM passes over it without a word. */
export function unreadableJar(name: string, fault: string): JarIndex {
  const nothing = { artifacts: [], classPath: [], isSigned: false, isSealed: false }
  return { name, classes: new Map(), ...nothing, fault }
}

function classNameOf(path: string): string | undefined {
  const fileStart = path.lastIndexOf('/') + 1
  const file = path.slice(fileStart)
  if (file === 'module-info.class' || file === 'package-info.class') return undefined
  // No name of a package has a hyphen.
  if (path.slice(0, fileStart).includes('-')) return undefined
  return path.slice(0, -'.class'.length)
}

/** CRC-32 and the low 20 bits of the size in one safe integer: a number per class is all that is kept. */
function fingerprint({ crc32, sizeBytes }: JarEntry): number {
  return crc32 + (sizeBytes % 2 ** 20) * 2 ** 32
}
