/**
 * Tasks of an executor that one LAUNCH_GROUP launched.
 * Source: apache/mesos docs/nested-container-and-task-group.md.
 */

/** By task id. */
export type TaskGroups = Readonly<
  Record<string, { readonly groupId: string; readonly hasFailed: boolean }>
>

export function joinGroup(
  groups: TaskGroups,
  taskId: string,
  groupId: string | undefined,
): TaskGroups {
  if (groupId === undefined) return groups
  return { ...groups, [taskId]: { groupId, hasFailed: hasFailedGroup(groups, groupId) } }
}

/** True when a task of the group ended without TASK_FINISHED. */
export function hasFailedGroup(groups: TaskGroups, groupId: string): boolean {
  return Object.values(groups).some((group) => group.groupId === groupId && group.hasFailed)
}

export function failGroup(groups: TaskGroups, taskId: string): TaskGroups {
  const own = ownGroup(groups, taskId)
  if (own === undefined) return groups
  return Object.fromEntries(
    Object.entries(groups).map(([id, group]) => [
      id,
      group.groupId === own.groupId ? { ...group, hasFailed: true } : group,
    ]),
  )
}

/** The other tasks of its group. */
export function siblingsOf(groups: TaskGroups, taskId: string): readonly string[] {
  const own = ownGroup(groups, taskId)
  if (own === undefined) return []
  return Object.keys(groups).filter((id) => id !== taskId && groups[id]?.groupId === own.groupId)
}

export function leaveGroup(groups: TaskGroups, taskId: string): TaskGroups {
  const { [taskId]: _, ...others } = groups
  return others
}

/** Own properties only: task ids may be names such as `constructor`. */
function ownGroup(groups: TaskGroups, taskId: string): TaskGroups[string] | undefined {
  return Object.hasOwn(groups, taskId) ? groups[taskId] : undefined
}
