/**
 * `maven-metadata.xml`: the versions of a project, or the builds of a snapshot.
 * Source: Maven's "Repository Metadata".
 */
import { elementOf, elementsOf, textOf, textsOf } from '../../xml/elements.ts'
import { parseXml } from '../../xml/parse-xml.ts'

export interface Metadata {
  readonly versions: readonly string[]
  readonly release: string | undefined
  readonly latest: string | undefined
  /** `yyyyMMddHHmmss`. */
  readonly lastUpdated: string
  readonly snapshot: { readonly timestamp: string; readonly buildNumber: string } | undefined
  readonly snapshotVersions: readonly SnapshotVersion[]
}

interface SnapshotVersion {
  readonly extension: string
  readonly classifier: string
  /** Of the newest build: `1.0-20240101.120000-3`. */
  readonly value: string
  readonly updated: string
}

const maxVersions = 20_000

/** Throws `PACKAGE_INVALID` naming `source` when the text is not XML. */
export function parseMetadata(text: string, source: string): Metadata {
  const versioning = elementOf(parseXml(text, source), 'versioning')
  const snapshot = elementOf(versioning, 'snapshot')
  const builds = elementsOf(elementOf(versioning, 'snapshotVersions'), 'snapshotVersion')
  return {
    versions: textsOf(elementOf(versioning, 'versions'), 'version').slice(0, maxVersions),
    release: textOf(versioning, 'release') || undefined,
    latest: textOf(versioning, 'latest') || undefined,
    lastUpdated: textOf(versioning, 'lastUpdated') ?? '',
    snapshot: toSnapshot(textOf(snapshot, 'timestamp'), textOf(snapshot, 'buildNumber')),
    snapshotVersions: builds.map((build) => ({
      extension: textOf(build, 'extension') ?? '',
      classifier: textOf(build, 'classifier') ?? '',
      value: textOf(build, 'value') ?? '',
      updated: textOf(build, 'updated') ?? '',
    })),
  }
}

/** The newest build of a snapshot's file, and its time; undefined when there is none. */
export function newestBuild(
  { snapshot, snapshotVersions, lastUpdated }: Metadata,
  { version, extension, classifier }: { version: string; extension: string; classifier: string },
): { readonly fileVersion: string; readonly updated: string } | undefined {
  const build = snapshotVersions.find(
    (found) =>
      found.extension === extension && found.classifier === classifier && found.value !== '',
  )
  if (build !== undefined) return { fileVersion: build.value, updated: build.updated }
  if (snapshot === undefined || snapshotVersions.length > 0) return undefined
  const { timestamp, buildNumber } = snapshot
  const fileVersion = version.replace(/SNAPSHOT$/, `${timestamp}-${buildNumber}`)
  return { fileVersion, updated: lastUpdated }
}

function toSnapshot(
  timestamp: string | undefined,
  buildNumber: string | undefined,
): Metadata['snapshot'] {
  if (!timestamp || !buildNumber || Number(buildNumber) <= 0) return undefined
  return { timestamp, buildNumber }
}
