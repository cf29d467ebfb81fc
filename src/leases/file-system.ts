/** Detects file systems that other machines may write to. */
import { statfsSync } from 'node:fs'

/**
 * File systems that only one kernel mounts at a time, by `f_type` of statfs(2). Linux,
 * linux/magic.h.
 */
const localTypes = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xca451a4e, // bcachefs
  0xf2f52010, // f2fs
  0x3153464a, // jfs
  0x52654973, // reiserfs
  0x3434, // nilfs
  0x24051905, // ubifs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
  0x61756673, // aufs
  0x4d44, // vfat
  0x2011bab0, // exfat
  0x7366746e, // ntfs3
])

/** HFS+ and APFS, by the numbers of macOS. */
const localTypesOfMac = new Set([0x11, 0x1a])

const sharedNames = new Map([
  [0x6969, 'nfs'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb'],
  [0x517b, 'smb'],
  [0x65735546, 'fuse'],
  [0x01021997, '9p'],
  [0x00c36400, 'ceph'],
  [0x0bd00bd0, 'lustre'],
  [0x5346414f, 'afs'],
  [0x7461636f, 'ocfs2'],
  [0x01161970, 'gfs2'],
  [0x20030528, 'orangefs'],
  [0x19830326, 'beegfs'],
  [0x47504653, 'gpfs'],
  [0x786f4256, 'vboxsf'],
])

/**
 * Name of a path's file system if another machine may have mounted it too, else undefined. Unknown
 * file systems count as shared. Throws the errors of the file system.
 */
export function sharedFileSystem(path: string): string | undefined {
  const type = statfsSync(path).type >>> 0
  const isLocal = process.platform === 'darwin' ? localTypesOfMac.has(type) : localTypes.has(type)
  return isLocal ? undefined : (sharedNames.get(type) ?? `type 0x${type.toString(16)}`)
}
