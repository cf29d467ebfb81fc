/** Which tasks of an executor came with one LAUNCH_GROUP. Source: apache/mesos docs/nested-container-and-task-group.md. */

/** By task id. */
export type RunGroups = Readonly<
  Record<string, { readonly groupId: string; readonly hasFailed: boolean }>
>

export function joinGroup(
  groups: RunGroups,
  taskId: string,
  groupId: string | undefined,
): RunGroups {
  if (groupId === undefined) return groups
  return { ...groups, [taskId]: { groupId, hasFailed: hasFailedGroup(groups, groupId) } }
}

/** True when a task of the group ended, and did not finish. */
export function hasFailedGroup(groups: RunGroups, groupId: string): boolean {
  return Object.values(groups).some((group) => group.groupId === groupId && group.hasFailed)
}

export function failGroup(groups: RunGroups, taskId: string): RunGroups {
  const own = ownGroup(groups, taskId)
  if (own === undefined) return groups
  return Object.fromEntries(
    Object.entries(groups).map(([id, group]) => [
      id,
      group.groupId === own.groupId ? { ...group, hasFailed: true } : group,
    ]),
  )
}

/** The others of its group. */
export function siblingsOf(groups: RunGroups, taskId: string): readonly string[] {
  const own = ownGroup(groups, taskId)
  if (own === undefined) return []
  return Object.keys(groups).filter((id) => id !== taskId && groups[id]?.groupId === own.groupId)
}

export function leaveGroup(groups: RunGroups, taskId: string): RunGroups {
  const { [taskId]: _, ...others } = groups
  return others
}

/** Ids come from outside: one may be called like a property that every object has. */
function ownGroup(groups: RunGroups, taskId: string): RunGroups[string] | undefined {
  return Object.hasOwn(groups, taskId) ? groups[taskId] : undefined
}
