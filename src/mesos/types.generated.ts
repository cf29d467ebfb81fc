// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.

/** 64 bits wide: a number while that is exact, else decimal digits. `Number(value)` takes both. */
export type Int64 = number | string

/** Bytes, in the standard base64 alphabet with padding. */
export type Base64 = string

/** Given by the master at the first SUBSCRIBE; kept by the framework for failover. */
export interface FrameworkID {
  readonly value: string
}

/** Given by the master when an agent registers. */
export interface AgentID {
  readonly value: string
}

/** Valid until the offer is accepted, declined or rescinded. */
export interface OfferID {
  readonly value: string
}

/** Chosen by the framework; unique among its live tasks. */
export interface TaskID {
  readonly value: string
}

/** Chosen by the framework; unique on one agent. */
export interface ExecutorID {
  readonly value: string
}

/** A container, or one nested in `parent`. */
export interface ContainerID {
  readonly value: string
  readonly parent?: ContainerID
}

/** A source of resources beside the agent itself. */
export interface ResourceProviderID {
  readonly value: string
}

/** Chosen by the framework when it wants feedback on an offer operation. */
export interface OperationID {
  readonly value: string
}

/** Sixteen raw bytes. */
export interface UUID {
  readonly value: Base64
}

/** Since the epoch. */
export interface TimeInfo {
  readonly nanoseconds: Int64
}

/** May be negative. */
export interface DurationInfo {
  readonly nanoseconds: Int64
}

/** A maintenance window; without a duration it has no end. */
export interface Unavailability {
  readonly start: TimeInfo
  readonly duration?: DurationInfo
}

/** Where something listens; at least one of hostname and ip. */
export interface Address {
  readonly hostname?: string
  readonly ip?: string
  readonly port: number
}

/** An address with its path and query. */
export interface URL {
  readonly scheme: string
  readonly address: Address
  readonly path?: string
  readonly query?: readonly Parameter[]
  readonly fragment?: string
}

/** Region and zone that a master or agent runs in. */
export interface DomainInfo {
  readonly faultDomain?: DomainInfoFaultDomain
}

export interface DomainInfoFaultDomain {
  readonly region: DomainInfoFaultDomainRegionInfo
  readonly zone: DomainInfoFaultDomainZoneInfo
}

export interface DomainInfoFaultDomainRegionInfo {
  readonly name: string
}

export interface DomainInfoFaultDomainZoneInfo {
  readonly name: string
}

/** One key with an optional value; keys may repeat. */
export interface Label {
  readonly key: string
  readonly value?: string
}

/** Free data, opaque to Mesos. */
export interface Labels {
  readonly labels?: readonly Label[]
}

/** One setting, passed on as it is. */
export interface Parameter {
  readonly key: string
  readonly value: string
}

/** Several of them. */
export interface Parameters {
  readonly parameter?: readonly Parameter[]
}

/** Variables of a process; a value may come from a secret. */
export interface Environment {
  readonly variables?: readonly EnvironmentVariable[]
}

export interface EnvironmentVariable {
  readonly name: string
  readonly value?: string
  /** Mesos takes "VALUE" when unset. */
  readonly type?: EnvironmentVariableType
  readonly secret?: Secret
}

export type EnvironmentVariableType =
  | 'UNKNOWN'
  | 'VALUE'
  | 'SECRET'

/** Given by value, or by the name under which a secret store knows it. */
export interface Secret {
  readonly type?: SecretType
  readonly reference?: SecretReference
  readonly value?: SecretValue
}

export type SecretType =
  | 'UNKNOWN'
  | 'REFERENCE'
  | 'VALUE'

export interface SecretReference {
  readonly name: string
  readonly key?: string
}

export interface SecretValue {
  readonly data: Base64
}

/** Who is asking, and the proof. */
export interface Credential {
  readonly principal: string
  readonly secret?: string
}

/** The four forms an amount or attribute can take. */
export interface Value {
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly set?: ValueSet
  readonly text?: ValueText
}

export type ValueType =
  | 'SCALAR'
  | 'RANGES'
  | 'SET'
  | 'TEXT'

export interface ValueScalar {
  readonly value: number
}

export interface ValueRanges {
  readonly range?: readonly ValueRange[]
}

export interface ValueSet {
  readonly item?: readonly string[]
}

export interface ValueText {
  readonly value: string
}

export interface ValueRange {
  readonly begin: Int64
  readonly end: Int64
}

/** A fact about an agent that offers show. */
export interface Attribute {
  readonly name: string
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly text?: ValueText
  readonly set?: ValueSet
}

/** An amount of something on an agent, with who may use it and what it is tied to. */
export interface Resource {
  readonly name: string
  readonly type: ValueType
  readonly scalar?: ValueScalar
  readonly ranges?: ValueRanges
  readonly set?: ValueSet
  /** Mesos takes "*" when unset. @deprecated by Mesos */
  readonly role?: string
  readonly disk?: ResourceDiskInfo
  readonly reservation?: ResourceReservationInfo
  readonly revocable?: ResourceRevocableInfo
  readonly shared?: ResourceSharedInfo
  readonly allocationInfo?: ResourceAllocationInfo
  readonly providerId?: ResourceProviderID
  readonly reservations?: readonly ResourceReservationInfo[]
}

export interface ResourceDiskInfo {
  readonly persistence?: ResourceDiskInfoPersistence
  readonly volume?: Volume
  readonly source?: ResourceDiskInfoSource
}

export interface ResourceDiskInfoPersistence {
  readonly id: string
  readonly principal?: string
}

export interface ResourceDiskInfoSource {
  readonly type: ResourceDiskInfoSourceType
  readonly path?: ResourceDiskInfoSourcePath
  readonly mount?: ResourceDiskInfoSourceMount
  readonly id?: string
  readonly metadata?: Labels
  readonly profile?: string
  readonly vendor?: string
}

export type ResourceDiskInfoSourceType =
  | 'UNKNOWN'
  | 'PATH'
  | 'MOUNT'
  | 'BLOCK'
  | 'RAW'

export interface ResourceDiskInfoSourcePath {
  readonly root?: string
}

export interface ResourceDiskInfoSourceMount {
  readonly root?: string
}

export interface ResourceReservationInfo {
  readonly principal?: string
  readonly labels?: Labels
  readonly role?: string
  readonly type?: ResourceReservationInfoType
}

export type ResourceReservationInfoType =
  | 'UNKNOWN'
  | 'STATIC'
  | 'DYNAMIC'

export type ResourceRevocableInfo = Readonly<Record<string, never>>

export type ResourceSharedInfo = Readonly<Record<string, never>>

export interface ResourceAllocationInfo {
  readonly role?: string
}

/** What to fetch and what to run: a shell line, or a program with arguments. */
export interface CommandInfo {
  readonly uris?: readonly CommandInfoURI[]
  readonly environment?: Environment
  readonly value?: string
  readonly user?: string
  /** Mesos takes true when unset. */
  readonly shell?: boolean
  readonly arguments?: readonly string[]
}

export interface CommandInfoURI {
  readonly value: string
  readonly executable?: boolean
  /** Mesos takes true when unset. */
  readonly extract?: boolean
  readonly cache?: boolean
  readonly outputFile?: string
}

/** Time between asking a task to end and ending it. */
export interface KillPolicy {
  readonly gracePeriod?: DurationInfo
}

/** POSIX limits of a process. */
export interface RLimitInfo {
  readonly rlimits?: readonly RLimitInfoRLimit[]
}

export interface RLimitInfoRLimit {
  readonly type?: RLimitInfoRLimitType
  readonly hard?: Int64
  readonly soft?: Int64
}

export type RLimitInfoRLimitType =
  | 'UNKNOWN'
  | 'RLMT_AS'
  | 'RLMT_CORE'
  | 'RLMT_CPU'
  | 'RLMT_DATA'
  | 'RLMT_FSIZE'
  | 'RLMT_LOCKS'
  | 'RLMT_MEMLOCK'
  | 'RLMT_MSGQUEUE'
  | 'RLMT_NICE'
  | 'RLMT_NOFILE'
  | 'RLMT_NPROC'
  | 'RLMT_RSS'
  | 'RLMT_RTPRIO'
  | 'RLMT_RTTIME'
  | 'RLMT_SIGPENDING'
  | 'RLMT_STACK'

/** Linux capabilities. */
export interface CapabilityInfo {
  readonly capabilities?: readonly CapabilityInfoCapability[]
}

export type CapabilityInfoCapability =
  | 'UNKNOWN'
  | 'CHOWN'
  | 'DAC_OVERRIDE'
  | 'DAC_READ_SEARCH'
  | 'FOWNER'
  | 'FSETID'
  | 'KILL'
  | 'SETGID'
  | 'SETUID'
  | 'SETPCAP'
  | 'LINUX_IMMUTABLE'
  | 'NET_BIND_SERVICE'
  | 'NET_BROADCAST'
  | 'NET_ADMIN'
  | 'NET_RAW'
  | 'IPC_LOCK'
  | 'IPC_OWNER'
  | 'SYS_MODULE'
  | 'SYS_RAWIO'
  | 'SYS_CHROOT'
  | 'SYS_PTRACE'
  | 'SYS_PACCT'
  | 'SYS_ADMIN'
  | 'SYS_BOOT'
  | 'SYS_NICE'
  | 'SYS_RESOURCE'
  | 'SYS_TIME'
  | 'SYS_TTY_CONFIG'
  | 'MKNOD'
  | 'LEASE'
  | 'AUDIT_WRITE'
  | 'AUDIT_CONTROL'
  | 'SETFCAP'
  | 'MAC_OVERRIDE'
  | 'MAC_ADMIN'
  | 'SYSLOG'
  | 'WAKE_ALARM'
  | 'BLOCK_SUSPEND'
  | 'AUDIT_READ'
  | 'PERFMON'
  | 'BPF'
  | 'CHECKPOINT_RESTORE'

/** Which system call filter applies. */
export interface SeccompInfo {
  readonly profileName?: string
  readonly unconfined?: boolean
}

/** What only a Linux agent can do. */
export interface LinuxInfo {
  /** @deprecated by Mesos */
  readonly capabilityInfo?: CapabilityInfo
  readonly boundingCapabilities?: CapabilityInfo
  readonly effectiveCapabilities?: CapabilityInfo
  readonly sharePidNamespace?: boolean
  readonly seccomp?: SeccompInfo
  readonly ipcMode?: LinuxInfoIpcMode
  readonly shmSize?: number
  /** Mesos takes true when unset. */
  readonly shareCgroups?: boolean
}

export type LinuxInfoIpcMode =
  | 'UNKNOWN'
  | 'PRIVATE'
  | 'SHARE_PARENT'

/** A terminal and its size. */
export interface TTYInfo {
  readonly windowSize?: TTYInfoWindowSize
}

export interface TTYInfoWindowSize {
  readonly rows: number
  readonly columns: number
}

/** Root file system: an Appc or a Docker image. */
export interface Image {
  readonly type: ImageType
  readonly appc?: ImageAppc
  readonly docker?: ImageDocker
  /** Mesos takes true when unset. */
  readonly cached?: boolean
}

export type ImageType =
  | 'APPC'
  | 'DOCKER'

export interface ImageAppc {
  readonly name: string
  readonly id?: string
  readonly labels?: Labels
}

export interface ImageDocker {
  readonly name: string
  /** @deprecated by Mesos */
  readonly credential?: Credential
  readonly config?: Secret
}

/** Who sees mounts made later. */
export interface MountPropagation {
  readonly mode?: MountPropagationMode
}

export type MountPropagationMode =
  | 'UNKNOWN'
  | 'HOST_TO_CONTAINER'
  | 'BIDIRECTIONAL'

/** A path in the container and what backs it. */
export interface Volume {
  readonly containerPath: string
  readonly hostPath?: string
  readonly mode: VolumeMode
  readonly image?: Image
  readonly source?: VolumeSource
}

export type VolumeMode =
  | 'RW'
  | 'RO'

export interface VolumeSource {
  readonly type?: VolumeSourceType
  readonly dockerVolume?: VolumeSourceDockerVolume
  readonly sandboxPath?: VolumeSourceSandboxPath
  readonly secret?: Secret
  readonly hostPath?: VolumeSourceHostPath
  readonly csiVolume?: VolumeSourceCSIVolume
}

export type VolumeSourceType =
  | 'UNKNOWN'
  | 'DOCKER_VOLUME'
  | 'SANDBOX_PATH'
  | 'SECRET'
  | 'HOST_PATH'
  | 'CSI_VOLUME'

export interface VolumeSourceDockerVolume {
  readonly driver?: string
  readonly name: string
  readonly driverOptions?: Parameters
}

export interface VolumeSourceSandboxPath {
  readonly type?: VolumeSourceSandboxPathType
  readonly path: string
}

export type VolumeSourceSandboxPathType =
  | 'UNKNOWN'
  | 'SELF'
  | 'PARENT'

export interface VolumeSourceHostPath {
  readonly path: string
  readonly mountPropagation?: MountPropagation
}

export interface VolumeSourceCSIVolume {
  readonly pluginName: string
  readonly staticProvisioning?: VolumeSourceCSIVolumeStaticProvisioning
}

export interface VolumeSourceCSIVolumeStaticProvisioning {
  readonly volumeId: string
  readonly volumeCapability: VolumeSourceCSIVolumeVolumeCapability
  readonly nodeStageSecrets?: Readonly<Record<string, Secret>>
  readonly nodePublishSecrets?: Readonly<Record<string, Secret>>
  readonly volumeContext?: Readonly<Record<string, string>>
}

export interface VolumeSourceCSIVolumeVolumeCapability {
  readonly block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume
  readonly mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume
  readonly accessMode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode
}

export type VolumeSourceCSIVolumeVolumeCapabilityBlockVolume = Readonly<Record<string, never>>

export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  readonly fsType?: string
  readonly mountFlags?: readonly string[]
}

export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  readonly mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode
}

export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | 'UNKNOWN'
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER'

/** A network to join, addresses, port mappings. */
export interface NetworkInfo {
  readonly groups?: readonly string[]
  readonly labels?: Labels
  readonly ipAddresses?: readonly NetworkInfoIPAddress[]
  readonly name?: string
  readonly portMappings?: readonly NetworkInfoPortMapping[]
}

export type NetworkInfoProtocol =
  | 'IPv4'
  | 'IPv6'

export interface NetworkInfoIPAddress {
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
  readonly ipAddress?: string
}

export interface NetworkInfoPortMapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol?: string
}

/** Image, volumes and networks of a container. */
export interface ContainerInfo {
  readonly type: ContainerInfoType
  readonly volumes?: readonly Volume[]
  readonly docker?: ContainerInfoDockerInfo
  readonly hostname?: string
  readonly mesos?: ContainerInfoMesosInfo
  readonly networkInfos?: readonly NetworkInfo[]
  readonly linuxInfo?: LinuxInfo
  readonly rlimitInfo?: RLimitInfo
  readonly ttyInfo?: TTYInfo
}

export type ContainerInfoType =
  | 'DOCKER'
  | 'MESOS'

export interface ContainerInfoDockerInfo {
  readonly image: string
  /** Mesos takes "HOST" when unset. */
  readonly network?: ContainerInfoDockerInfoNetwork
  readonly portMappings?: readonly ContainerInfoDockerInfoPortMapping[]
  /** Mesos takes false when unset. */
  readonly privileged?: boolean
  readonly parameters?: readonly Parameter[]
  readonly forcePullImage?: boolean
  /** @deprecated by Mesos */
  readonly volumeDriver?: string
}

export type ContainerInfoDockerInfoNetwork =
  | 'HOST'
  | 'BRIDGE'
  | 'NONE'
  | 'USER'

export interface ContainerInfoDockerInfoPortMapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol?: string
}

export interface ContainerInfoMesosInfo {
  readonly image?: Image
}

/** Control group facts of a running container. */
export interface CgroupInfo {
  readonly netCls?: CgroupInfoNetCls
}

export interface CgroupInfoNetCls {
  readonly classid?: number
}

/** What a status update tells about the container. */
export interface ContainerStatus {
  readonly networkInfos?: readonly NetworkInfo[]
  readonly cgroupInfo?: CgroupInfo
  readonly executorPid?: number
  readonly containerId?: ContainerID
}

/** A probe whose result is reported only. */
export interface CheckInfo {
  readonly type?: CheckInfoType
  readonly command?: CheckInfoCommand
  readonly http?: CheckInfoHttp
  /** Mesos takes 15 when unset. */
  readonly delaySeconds?: number
  /** Mesos takes 10 when unset. */
  readonly intervalSeconds?: number
  /** Mesos takes 20 when unset. */
  readonly timeoutSeconds?: number
  readonly tcp?: CheckInfoTcp
}

export type CheckInfoType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP'

export interface CheckInfoCommand {
  readonly command: CommandInfo
}

export interface CheckInfoHttp {
  readonly port: number
  readonly path?: string
}

export interface CheckInfoTcp {
  readonly port: number
}

/** A probe whose failures end the task. */
export interface HealthCheck {
  readonly http?: HealthCheckHTTPCheckInfo
  /** Mesos takes 15 when unset. */
  readonly delaySeconds?: number
  /** Mesos takes 10 when unset. */
  readonly intervalSeconds?: number
  /** Mesos takes 20 when unset. */
  readonly timeoutSeconds?: number
  /** Mesos takes 3 when unset. */
  readonly consecutiveFailures?: number
  /** Mesos takes 10 when unset. */
  readonly gracePeriodSeconds?: number
  readonly command?: CommandInfo
  readonly type?: HealthCheckType
  readonly tcp?: HealthCheckTCPCheckInfo
}

export type HealthCheckType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP'

export interface HealthCheckHTTPCheckInfo {
  readonly port: number
  readonly path?: string
  readonly scheme?: string
  readonly statuses?: readonly number[]
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
}

export interface HealthCheckTCPCheckInfo {
  readonly port: number
  /** Mesos takes "IPv4" when unset. */
  readonly protocol?: NetworkInfoProtocol
}

/** Last result of a check. */
export interface CheckStatusInfo {
  readonly type?: CheckInfoType
  readonly command?: CheckStatusInfoCommand
  readonly http?: CheckStatusInfoHttp
  readonly tcp?: CheckStatusInfoTcp
}

export interface CheckStatusInfoCommand {
  readonly exitCode?: number
}

export interface CheckStatusInfoHttp {
  readonly statusCode?: number
}

export interface CheckStatusInfoTcp {
  readonly succeeded?: boolean
}

/** A named port. */
export interface Port {
  readonly number: number
  readonly name?: string
  readonly protocol?: string
  readonly visibility?: DiscoveryInfoVisibility
  readonly labels?: Labels
}

/** Several of them. */
export interface Ports {
  readonly ports?: readonly Port[]
}

/** How a service directory should announce a task or executor. */
export interface DiscoveryInfo {
  readonly visibility: DiscoveryInfoVisibility
  readonly name?: string
  readonly environment?: string
  readonly location?: string
  readonly version?: string
  readonly ports?: Ports
  readonly labels?: Labels
}

export type DiscoveryInfoVisibility =
  | 'FRAMEWORK'
  | 'CLUSTER'
  | 'EXTERNAL'

/** Least amounts an offer must have to be worth sending. */
export interface OfferFilters {
  readonly minAllocatableResources?: OfferFiltersMinAllocatableResources
}

export interface OfferFiltersMinAllocatableResources {
  readonly quantities?: readonly OfferFiltersResourceQuantities[]
}

export interface OfferFiltersResourceQuantities {
  readonly quantities?: Readonly<Record<string, ValueScalar>>
}

/** Who the framework is, which roles it takes, and what it can handle. */
export interface FrameworkInfo {
  readonly user: string
  readonly name: string
  readonly id?: FrameworkID
  /** Mesos takes 0 when unset. */
  readonly failoverTimeout?: number
  /** Mesos takes false when unset. */
  readonly checkpoint?: boolean
  /** Mesos takes "*" when unset. @deprecated by Mesos */
  readonly role?: string
  readonly hostname?: string
  readonly principal?: string
  readonly webuiUrl?: string
  readonly capabilities?: readonly FrameworkInfoCapability[]
  readonly labels?: Labels
  readonly roles?: readonly string[]
  readonly offerFilters?: Readonly<Record<string, OfferFilters>>
}

export interface FrameworkInfoCapability {
  readonly type?: FrameworkInfoCapabilityType
}

export type FrameworkInfoCapabilityType =
  | 'UNKNOWN'
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE'

/** The leading master; also the data of its ZooKeeper node. */
export interface MasterInfo {
  readonly id: string
  readonly ip: number
  /** Mesos takes 5050 when unset. */
  readonly port: number
  readonly pid?: string
  readonly hostname?: string
  readonly version?: string
  readonly address?: Address
  readonly domain?: DomainInfo
  readonly capabilities?: readonly MasterInfoCapability[]
}

export interface MasterInfoCapability {
  readonly type?: MasterInfoCapabilityType
}

export type MasterInfoCapabilityType =
  | 'UNKNOWN'
  | 'AGENT_UPDATE'
  | 'AGENT_DRAINING'
  | 'QUOTA_V2'

/** An agent as its executors see it. */
export interface AgentInfo {
  readonly hostname: string
  readonly resources?: readonly Resource[]
  readonly attributes?: readonly Attribute[]
  readonly id?: AgentID
  /** Mesos takes 5051 when unset. */
  readonly port?: number
  readonly domain?: DomainInfo
}

/** The process that runs tasks. Must stay equal for one id on one agent while it lives. */
export interface ExecutorInfo {
  readonly executorId: ExecutorID
  readonly data?: Base64
  readonly resources?: readonly Resource[]
  readonly command?: CommandInfo
  readonly frameworkId?: FrameworkID
  readonly name?: string
  /** @deprecated by Mesos */
  readonly source?: string
  readonly container?: ContainerInfo
  readonly discovery?: DiscoveryInfo
  readonly shutdownGracePeriod?: DurationInfo
  readonly labels?: Labels
  readonly type?: ExecutorInfoType
}

export type ExecutorInfoType =
  | 'UNKNOWN'
  | 'DEFAULT'
  | 'CUSTOM'

/** One unit of work, with either a command or an executor. */
export interface TaskInfo {
  readonly name: string
  readonly taskId: TaskID
  readonly agentId: AgentID
  readonly resources?: readonly Resource[]
  readonly executor?: ExecutorInfo
  readonly data?: Base64
  readonly command?: CommandInfo
  readonly healthCheck?: HealthCheck
  readonly container?: ContainerInfo
  readonly labels?: Labels
  readonly discovery?: DiscoveryInfo
  readonly killPolicy?: KillPolicy
  readonly check?: CheckInfo
  readonly maxCompletionTime?: DurationInfo
  readonly limits?: Readonly<Record<string, ValueScalar>>
}

/** Tasks that start together or not at all. */
export interface TaskGroupInfo {
  readonly tasks?: readonly TaskInfo[]
}

/** Life of a task; all but STAGING, STARTING, RUNNING, KILLING, UNREACHABLE and UNKNOWN are final. */
export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_LOST'
  | 'TASK_ERROR'
  | 'TASK_KILLING'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN'

/** Which limit a task ran into. */
export interface TaskResourceLimitation {
  readonly resources?: readonly Resource[]
}

/** One step in the life of a task; has to be acknowledged exactly when it has a uuid. */
export interface TaskStatus {
  readonly taskId: TaskID
  readonly state: TaskState
  readonly data?: Base64
  readonly message?: string
  readonly agentId?: AgentID
  readonly timestamp?: number
  readonly executorId?: ExecutorID
  readonly healthy?: boolean
  readonly source?: TaskStatusSource
  readonly reason?: TaskStatusReason
  readonly uuid?: Base64
  readonly labels?: Labels
  readonly containerStatus?: ContainerStatus
  readonly unreachableTime?: TimeInfo
  readonly checkStatus?: CheckStatusInfo
  readonly limitation?: TaskResourceLimitation
}

export type TaskStatusSource =
  | 'SOURCE_MASTER'
  | 'SOURCE_AGENT'
  | 'SOURCE_EXECUTOR'

export type TaskStatusReason =
  | 'REASON_COMMAND_EXECUTOR_FAILED'
  | 'REASON_EXECUTOR_TERMINATED'
  | 'REASON_EXECUTOR_UNREGISTERED'
  | 'REASON_FRAMEWORK_REMOVED'
  | 'REASON_GC_ERROR'
  | 'REASON_INVALID_FRAMEWORKID'
  | 'REASON_INVALID_OFFERS'
  | 'REASON_MASTER_DISCONNECTED'
  | 'REASON_CONTAINER_LIMITATION_MEMORY'
  | 'REASON_RECONCILIATION'
  | 'REASON_AGENT_DISCONNECTED'
  | 'REASON_AGENT_REMOVED'
  | 'REASON_AGENT_RESTARTED'
  | 'REASON_AGENT_UNKNOWN'
  | 'REASON_TASK_INVALID'
  | 'REASON_TASK_UNAUTHORIZED'
  | 'REASON_TASK_UNKNOWN'
  | 'REASON_CONTAINER_PREEMPTED'
  | 'REASON_RESOURCES_UNKNOWN'
  | 'REASON_CONTAINER_LIMITATION'
  | 'REASON_CONTAINER_LIMITATION_DISK'
  | 'REASON_CONTAINER_LAUNCH_FAILED'
  | 'REASON_CONTAINER_UPDATE_FAILED'
  | 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'
  | 'REASON_TASK_GROUP_INVALID'
  | 'REASON_TASK_GROUP_UNAUTHORIZED'
  | 'REASON_IO_SWITCHBOARD_EXITED'
  | 'REASON_TASK_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_KILLED_DURING_LAUNCH'
  | 'REASON_AGENT_REMOVED_BY_OPERATOR'
  | 'REASON_AGENT_REREGISTERED'
  | 'REASON_MAX_COMPLETION_TIME_REACHED'
  | 'REASON_AGENT_DRAINING'

/** Asks for certain resources; the master takes note of nothing. */
export interface Request {
  readonly agentId?: AgentID
  readonly resources?: readonly Resource[]
}

/** Resources of one agent for one role, and what can be done with them. */
export interface Offer {
  readonly id: OfferID
  readonly frameworkId: FrameworkID
  readonly agentId: AgentID
  readonly hostname: string
  readonly resources?: readonly Resource[]
  readonly executorIds?: readonly ExecutorID[]
  readonly attributes?: readonly Attribute[]
  readonly url?: URL
  readonly unavailability?: Unavailability
  readonly allocationInfo?: ResourceAllocationInfo
  readonly domain?: DomainInfo
}

export type OfferOperation =
  | { readonly type: 'UNKNOWN'; readonly id?: OperationID; readonly unknownType?: string }
  | { readonly type: 'LAUNCH'; readonly id?: OperationID; readonly launch: OfferOperationLaunch }
  | { readonly type: 'RESERVE'; readonly id?: OperationID; readonly reserve: OfferOperationReserve }
  | { readonly type: 'UNRESERVE'; readonly id?: OperationID; readonly unreserve: OfferOperationUnreserve }
  | { readonly type: 'CREATE'; readonly id?: OperationID; readonly create: OfferOperationCreate }
  | { readonly type: 'DESTROY'; readonly id?: OperationID; readonly destroy: OfferOperationDestroy }
  | { readonly type: 'LAUNCH_GROUP'; readonly id?: OperationID; readonly launchGroup: OfferOperationLaunchGroup }
  | { readonly type: 'GROW_VOLUME'; readonly id?: OperationID; readonly growVolume: OfferOperationGrowVolume }
  | { readonly type: 'SHRINK_VOLUME'; readonly id?: OperationID; readonly shrinkVolume: OfferOperationShrinkVolume }
  | { readonly type: 'CREATE_DISK'; readonly id?: OperationID; readonly createDisk: OfferOperationCreateDisk }
  | { readonly type: 'DESTROY_DISK'; readonly id?: OperationID; readonly destroyDisk: OfferOperationDestroyDisk }

export type OfferOperationType =
  | 'UNKNOWN'
  | 'LAUNCH'
  | 'RESERVE'
  | 'UNRESERVE'
  | 'CREATE'
  | 'DESTROY'
  | 'LAUNCH_GROUP'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'CREATE_DISK'
  | 'DESTROY_DISK'

export interface OfferOperationLaunch {
  readonly taskInfos?: readonly TaskInfo[]
}

export interface OfferOperationReserve {
  readonly resources?: readonly Resource[]
  readonly source?: readonly Resource[]
}

export interface OfferOperationUnreserve {
  readonly resources?: readonly Resource[]
}

export interface OfferOperationCreate {
  readonly volumes?: readonly Resource[]
}

export interface OfferOperationDestroy {
  readonly volumes?: readonly Resource[]
}

export interface OfferOperationLaunchGroup {
  readonly executor: ExecutorInfo
  readonly taskGroup: TaskGroupInfo
}

export interface OfferOperationGrowVolume {
  readonly volume: Resource
  readonly addition: Resource
}

export interface OfferOperationShrinkVolume {
  readonly volume: Resource
  readonly subtract: ValueScalar
}

export interface OfferOperationCreateDisk {
  readonly source: Resource
  readonly targetType: ResourceDiskInfoSourceType
  readonly targetProfile?: string
}

export interface OfferOperationDestroyDisk {
  readonly source: Resource
}

/** The master asks for resources back. */
export interface InverseOffer {
  readonly id: OfferID
  readonly url?: URL
  readonly frameworkId: FrameworkID
  readonly agentId?: AgentID
  readonly unavailability: Unavailability
  readonly resources?: readonly Resource[]
}

/** How long declined resources are kept from this framework. */
export interface Filters {
  /** Mesos takes 5 when unset. */
  readonly refuseSeconds?: number
}

/** Life of an offer operation. */
export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN'

/** One step in it; acknowledged like a task status. */
export interface OperationStatus {
  readonly operationId?: OperationID
  readonly state: OperationState
  readonly message?: string
  readonly convertedResources?: readonly Resource[]
  readonly uuid?: UUID
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
}

/** One test of an agent attribute. */
export interface SchedulerAttributeConstraint {
  readonly selector: SchedulerAttributeConstraintSelector
  readonly predicate: SchedulerAttributeConstraintPredicate
}

export interface SchedulerAttributeConstraintSelector {
  readonly pseudoattributeType?: SchedulerAttributeConstraintSelectorPseudoattributeType
  readonly attributeName?: string
}

export type SchedulerAttributeConstraintSelectorPseudoattributeType =
  | 'UNKNOWN'
  | 'HOSTNAME'
  | 'REGION'
  | 'ZONE'

export interface SchedulerAttributeConstraintPredicate {
  readonly exists?: SchedulerAttributeConstraintPredicateExists
  readonly notExists?: SchedulerAttributeConstraintPredicateNotExists
  readonly textEquals?: SchedulerAttributeConstraintPredicateTextEquals
  readonly textNotEquals?: SchedulerAttributeConstraintPredicateTextNotEquals
  readonly textMatches?: SchedulerAttributeConstraintPredicateTextMatches
  readonly textNotMatches?: SchedulerAttributeConstraintPredicateTextNotMatches
}

export type SchedulerAttributeConstraintPredicateExists = Readonly<Record<string, never>>

export type SchedulerAttributeConstraintPredicateNotExists = Readonly<Record<string, never>>

export interface SchedulerAttributeConstraintPredicateTextEquals {
  readonly value: string
}

export interface SchedulerAttributeConstraintPredicateTextNotEquals {
  readonly value: string
}

export interface SchedulerAttributeConstraintPredicateTextMatches {
  readonly regex: string
}

export interface SchedulerAttributeConstraintPredicateTextNotMatches {
  readonly regex: string
}

/** Per role: agents to be offered must pass all tests of at least one group. */
export interface SchedulerOfferConstraints {
  readonly roleConstraints?: Readonly<Record<string, SchedulerOfferConstraintsRoleConstraints>>
}

export interface SchedulerOfferConstraintsRoleConstraints {
  readonly groups?: readonly SchedulerOfferConstraintsRoleConstraintsGroup[]
}

export interface SchedulerOfferConstraintsRoleConstraintsGroup {
  readonly attributeConstraints?: readonly SchedulerAttributeConstraint[]
}

/** `type` says which of the other fields is set. */
export type SchedulerEvent =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: SchedulerEventSubscribed }
  | { readonly type: 'OFFERS'; readonly offers: SchedulerEventOffers }
  | { readonly type: 'RESCIND'; readonly rescind: SchedulerEventRescind }
  | { readonly type: 'UPDATE'; readonly update: SchedulerEventUpdate }
  | { readonly type: 'MESSAGE'; readonly message: SchedulerEventMessage }
  | { readonly type: 'FAILURE'; readonly failure: SchedulerEventFailure }
  | { readonly type: 'ERROR'; readonly error: SchedulerEventError }
  | { readonly type: 'HEARTBEAT' }
  | { readonly type: 'INVERSE_OFFERS'; readonly inverseOffers: SchedulerEventInverseOffers }
  | { readonly type: 'RESCIND_INVERSE_OFFER'; readonly rescindInverseOffer: SchedulerEventRescindInverseOffer }
  | { readonly type: 'UPDATE_OPERATION_STATUS'; readonly updateOperationStatus: SchedulerEventUpdateOperationStatus }

export type SchedulerEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'OFFERS'
  | 'RESCIND'
  | 'UPDATE'
  | 'MESSAGE'
  | 'FAILURE'
  | 'ERROR'
  | 'HEARTBEAT'
  | 'INVERSE_OFFERS'
  | 'RESCIND_INVERSE_OFFER'
  | 'UPDATE_OPERATION_STATUS'

export interface SchedulerEventSubscribed {
  readonly frameworkId: FrameworkID
  readonly heartbeatIntervalSeconds?: number
  readonly masterInfo?: MasterInfo
}

export interface SchedulerEventOffers {
  readonly offers?: readonly Offer[]
}

export interface SchedulerEventRescind {
  readonly offerId: OfferID
}

export interface SchedulerEventUpdate {
  readonly status: TaskStatus
}

export interface SchedulerEventMessage {
  readonly agentId: AgentID
  readonly executorId: ExecutorID
  readonly data: Base64
}

export interface SchedulerEventFailure {
  readonly agentId?: AgentID
  readonly executorId?: ExecutorID
  readonly status?: number
}

export interface SchedulerEventError {
  readonly message: string
}

export interface SchedulerEventInverseOffers {
  readonly inverseOffers?: readonly InverseOffer[]
}

export interface SchedulerEventRescindInverseOffer {
  readonly inverseOfferId: OfferID
}

export interface SchedulerEventUpdateOperationStatus {
  readonly status: OperationStatus
}

/** `type` says which of the other fields is set; TEARDOWN has none, REVIVE and SUPPRESS may have none. */
export type SchedulerCall =
  | { readonly type: 'UNKNOWN'; readonly frameworkId?: FrameworkID }
  | { readonly type: 'SUBSCRIBE'; readonly frameworkId?: FrameworkID; readonly subscribe: SchedulerCallSubscribe }
  | { readonly type: 'TEARDOWN'; readonly frameworkId?: FrameworkID }
  | { readonly type: 'ACCEPT'; readonly frameworkId?: FrameworkID; readonly accept: SchedulerCallAccept }
  | { readonly type: 'DECLINE'; readonly frameworkId?: FrameworkID; readonly decline: SchedulerCallDecline }
  | { readonly type: 'REVIVE'; readonly frameworkId?: FrameworkID; readonly revive?: SchedulerCallRevive }
  | { readonly type: 'KILL'; readonly frameworkId?: FrameworkID; readonly kill: SchedulerCallKill }
  | { readonly type: 'SHUTDOWN'; readonly frameworkId?: FrameworkID; readonly shutdown: SchedulerCallShutdown }
  | { readonly type: 'ACKNOWLEDGE'; readonly frameworkId?: FrameworkID; readonly acknowledge: SchedulerCallAcknowledge }
  | { readonly type: 'RECONCILE'; readonly frameworkId?: FrameworkID; readonly reconcile: SchedulerCallReconcile }
  | { readonly type: 'MESSAGE'; readonly frameworkId?: FrameworkID; readonly message: SchedulerCallMessage }
  | { readonly type: 'REQUEST'; readonly frameworkId?: FrameworkID; readonly request: SchedulerCallRequest }
  | { readonly type: 'SUPPRESS'; readonly frameworkId?: FrameworkID; readonly suppress?: SchedulerCallSuppress }
  | { readonly type: 'ACCEPT_INVERSE_OFFERS'; readonly frameworkId?: FrameworkID; readonly acceptInverseOffers: SchedulerCallAcceptInverseOffers }
  | { readonly type: 'DECLINE_INVERSE_OFFERS'; readonly frameworkId?: FrameworkID; readonly declineInverseOffers: SchedulerCallDeclineInverseOffers }
  | { readonly type: 'ACKNOWLEDGE_OPERATION_STATUS'; readonly frameworkId?: FrameworkID; readonly acknowledgeOperationStatus: SchedulerCallAcknowledgeOperationStatus }
  | { readonly type: 'RECONCILE_OPERATIONS'; readonly frameworkId?: FrameworkID; readonly reconcileOperations: SchedulerCallReconcileOperations }
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly frameworkId?: FrameworkID; readonly updateFramework: SchedulerCallUpdateFramework }

export type SchedulerCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'TEARDOWN'
  | 'ACCEPT'
  | 'DECLINE'
  | 'REVIVE'
  | 'KILL'
  | 'SHUTDOWN'
  | 'ACKNOWLEDGE'
  | 'RECONCILE'
  | 'MESSAGE'
  | 'REQUEST'
  | 'SUPPRESS'
  | 'ACCEPT_INVERSE_OFFERS'
  | 'DECLINE_INVERSE_OFFERS'
  | 'ACKNOWLEDGE_OPERATION_STATUS'
  | 'RECONCILE_OPERATIONS'
  | 'UPDATE_FRAMEWORK'

export interface SchedulerCallSubscribe {
  readonly frameworkInfo: FrameworkInfo
  readonly suppressedRoles?: readonly string[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

export interface SchedulerCallAccept {
  readonly offerIds?: readonly OfferID[]
  readonly operations?: readonly OfferOperation[]
  readonly filters?: Filters
}

export interface SchedulerCallDecline {
  readonly offerIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallKill {
  readonly taskId: TaskID
  readonly agentId?: AgentID
  readonly killPolicy?: KillPolicy
}

export interface SchedulerCallShutdown {
  readonly executorId: ExecutorID
  readonly agentId: AgentID
}

export interface SchedulerCallAcknowledge {
  readonly agentId: AgentID
  readonly taskId: TaskID
  readonly uuid: Base64
}

export interface SchedulerCallReconcile {
  readonly tasks?: readonly SchedulerCallReconcileTask[]
}

export interface SchedulerCallReconcileTask {
  readonly taskId: TaskID
  readonly agentId?: AgentID
}

export interface SchedulerCallMessage {
  readonly agentId: AgentID
  readonly executorId: ExecutorID
  readonly data: Base64
}

export interface SchedulerCallRequest {
  readonly requests?: readonly Request[]
}

export interface SchedulerCallAcceptInverseOffers {
  readonly inverseOfferIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallDeclineInverseOffers {
  readonly inverseOfferIds?: readonly OfferID[]
  readonly filters?: Filters
}

export interface SchedulerCallRevive {
  readonly roles?: readonly string[]
}

export interface SchedulerCallSuppress {
  readonly roles?: readonly string[]
}

export interface SchedulerCallAcknowledgeOperationStatus {
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
  readonly uuid: Base64
  readonly operationId: OperationID
}

export interface SchedulerCallReconcileOperations {
  readonly operations?: readonly SchedulerCallReconcileOperationsOperation[]
}

export interface SchedulerCallReconcileOperationsOperation {
  readonly operationId: OperationID
  readonly agentId?: AgentID
  readonly resourceProviderId?: ResourceProviderID
}

export interface SchedulerCallUpdateFramework {
  readonly frameworkInfo: FrameworkInfo
  readonly suppressedRoles?: readonly string[]
  readonly offerConstraints?: SchedulerOfferConstraints
}

/** `type` says which of the other fields is set; SHUTDOWN and HEARTBEAT have none. */
export type ExecutorEvent =
  | { readonly type: 'UNKNOWN'; readonly unknownType?: string }
  | { readonly type: 'SUBSCRIBED'; readonly subscribed: ExecutorEventSubscribed }
  | { readonly type: 'LAUNCH'; readonly launch: ExecutorEventLaunch }
  | { readonly type: 'KILL'; readonly kill: ExecutorEventKill }
  | { readonly type: 'ACKNOWLEDGED'; readonly acknowledged: ExecutorEventAcknowledged }
  | { readonly type: 'MESSAGE'; readonly message: ExecutorEventMessage }
  | { readonly type: 'ERROR'; readonly error: ExecutorEventError }
  | { readonly type: 'SHUTDOWN' }
  | { readonly type: 'LAUNCH_GROUP'; readonly launchGroup: ExecutorEventLaunchGroup }
  | { readonly type: 'HEARTBEAT' }

export type ExecutorEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'LAUNCH'
  | 'KILL'
  | 'ACKNOWLEDGED'
  | 'MESSAGE'
  | 'ERROR'
  | 'SHUTDOWN'
  | 'LAUNCH_GROUP'
  | 'HEARTBEAT'

export interface ExecutorEventSubscribed {
  readonly executorInfo: ExecutorInfo
  readonly frameworkInfo: FrameworkInfo
  readonly agentInfo: AgentInfo
  readonly containerId?: ContainerID
}

export interface ExecutorEventAcknowledged {
  readonly taskId: TaskID
  readonly uuid: Base64
}

export interface ExecutorEventLaunch {
  readonly task: TaskInfo
}

export interface ExecutorEventKill {
  readonly taskId: TaskID
  readonly killPolicy?: KillPolicy
}

export interface ExecutorEventMessage {
  readonly data: Base64
}

export interface ExecutorEventError {
  readonly message: string
}

export interface ExecutorEventLaunchGroup {
  readonly taskGroup: TaskGroupInfo
}

/** `type` says which of the other fields is set; HEARTBEAT has none. */
export type ExecutorCall =
  | { readonly type: 'UNKNOWN'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID }
  | { readonly type: 'SUBSCRIBE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly subscribe: ExecutorCallSubscribe }
  | { readonly type: 'UPDATE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly update: ExecutorCallUpdate }
  | { readonly type: 'MESSAGE'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID; readonly message: ExecutorCallMessage }
  | { readonly type: 'HEARTBEAT'; readonly executorId: ExecutorID; readonly frameworkId: FrameworkID }

export type ExecutorCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'UPDATE'
  | 'MESSAGE'
  | 'HEARTBEAT'

export interface ExecutorCallSubscribe {
  readonly unacknowledgedTasks?: readonly TaskInfo[]
  readonly unacknowledgedUpdates?: readonly ExecutorCallUpdate[]
}

export interface ExecutorCallUpdate {
  readonly status: TaskStatus
}

export interface ExecutorCallMessage {
  readonly data: Base64
}

/** Every message by its full name. */
export interface MesosMessages {
  'mesos.v1.FrameworkID': FrameworkID
  'mesos.v1.AgentID': AgentID
  'mesos.v1.OfferID': OfferID
  'mesos.v1.TaskID': TaskID
  'mesos.v1.ExecutorID': ExecutorID
  'mesos.v1.ContainerID': ContainerID
  'mesos.v1.ResourceProviderID': ResourceProviderID
  'mesos.v1.OperationID': OperationID
  'mesos.v1.UUID': UUID
  'mesos.v1.TimeInfo': TimeInfo
  'mesos.v1.DurationInfo': DurationInfo
  'mesos.v1.Unavailability': Unavailability
  'mesos.v1.Address': Address
  'mesos.v1.URL': URL
  'mesos.v1.DomainInfo': DomainInfo
  'mesos.v1.DomainInfo.FaultDomain': DomainInfoFaultDomain
  'mesos.v1.DomainInfo.FaultDomain.RegionInfo': DomainInfoFaultDomainRegionInfo
  'mesos.v1.DomainInfo.FaultDomain.ZoneInfo': DomainInfoFaultDomainZoneInfo
  'mesos.v1.Label': Label
  'mesos.v1.Labels': Labels
  'mesos.v1.Parameter': Parameter
  'mesos.v1.Parameters': Parameters
  'mesos.v1.Environment': Environment
  'mesos.v1.Environment.Variable': EnvironmentVariable
  'mesos.v1.Secret': Secret
  'mesos.v1.Secret.Reference': SecretReference
  'mesos.v1.Secret.Value': SecretValue
  'mesos.v1.Credential': Credential
  'mesos.v1.Value': Value
  'mesos.v1.Value.Scalar': ValueScalar
  'mesos.v1.Value.Ranges': ValueRanges
  'mesos.v1.Value.Set': ValueSet
  'mesos.v1.Value.Text': ValueText
  'mesos.v1.Value.Range': ValueRange
  'mesos.v1.Attribute': Attribute
  'mesos.v1.Resource': Resource
  'mesos.v1.Resource.DiskInfo': ResourceDiskInfo
  'mesos.v1.Resource.DiskInfo.Persistence': ResourceDiskInfoPersistence
  'mesos.v1.Resource.DiskInfo.Source': ResourceDiskInfoSource
  'mesos.v1.Resource.DiskInfo.Source.Path': ResourceDiskInfoSourcePath
  'mesos.v1.Resource.DiskInfo.Source.Mount': ResourceDiskInfoSourceMount
  'mesos.v1.Resource.ReservationInfo': ResourceReservationInfo
  'mesos.v1.Resource.RevocableInfo': ResourceRevocableInfo
  'mesos.v1.Resource.SharedInfo': ResourceSharedInfo
  'mesos.v1.Resource.AllocationInfo': ResourceAllocationInfo
  'mesos.v1.CommandInfo': CommandInfo
  'mesos.v1.CommandInfo.URI': CommandInfoURI
  'mesos.v1.KillPolicy': KillPolicy
  'mesos.v1.RLimitInfo': RLimitInfo
  'mesos.v1.RLimitInfo.RLimit': RLimitInfoRLimit
  'mesos.v1.CapabilityInfo': CapabilityInfo
  'mesos.v1.SeccompInfo': SeccompInfo
  'mesos.v1.LinuxInfo': LinuxInfo
  'mesos.v1.TTYInfo': TTYInfo
  'mesos.v1.TTYInfo.WindowSize': TTYInfoWindowSize
  'mesos.v1.Image': Image
  'mesos.v1.Image.Appc': ImageAppc
  'mesos.v1.Image.Docker': ImageDocker
  'mesos.v1.MountPropagation': MountPropagation
  'mesos.v1.Volume': Volume
  'mesos.v1.Volume.Source': VolumeSource
  'mesos.v1.Volume.Source.DockerVolume': VolumeSourceDockerVolume
  'mesos.v1.Volume.Source.SandboxPath': VolumeSourceSandboxPath
  'mesos.v1.Volume.Source.HostPath': VolumeSourceHostPath
  'mesos.v1.Volume.Source.CSIVolume': VolumeSourceCSIVolume
  'mesos.v1.Volume.Source.CSIVolume.StaticProvisioning': VolumeSourceCSIVolumeStaticProvisioning
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability': VolumeSourceCSIVolumeVolumeCapability
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.BlockVolume': VolumeSourceCSIVolumeVolumeCapabilityBlockVolume
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.MountVolume': VolumeSourceCSIVolumeVolumeCapabilityMountVolume
  'mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode': VolumeSourceCSIVolumeVolumeCapabilityAccessMode
  'mesos.v1.NetworkInfo': NetworkInfo
  'mesos.v1.NetworkInfo.IPAddress': NetworkInfoIPAddress
  'mesos.v1.NetworkInfo.PortMapping': NetworkInfoPortMapping
  'mesos.v1.ContainerInfo': ContainerInfo
  'mesos.v1.ContainerInfo.DockerInfo': ContainerInfoDockerInfo
  'mesos.v1.ContainerInfo.DockerInfo.PortMapping': ContainerInfoDockerInfoPortMapping
  'mesos.v1.ContainerInfo.MesosInfo': ContainerInfoMesosInfo
  'mesos.v1.CgroupInfo': CgroupInfo
  'mesos.v1.CgroupInfo.NetCls': CgroupInfoNetCls
  'mesos.v1.ContainerStatus': ContainerStatus
  'mesos.v1.CheckInfo': CheckInfo
  'mesos.v1.CheckInfo.Command': CheckInfoCommand
  'mesos.v1.CheckInfo.Http': CheckInfoHttp
  'mesos.v1.CheckInfo.Tcp': CheckInfoTcp
  'mesos.v1.HealthCheck': HealthCheck
  'mesos.v1.HealthCheck.HTTPCheckInfo': HealthCheckHTTPCheckInfo
  'mesos.v1.HealthCheck.TCPCheckInfo': HealthCheckTCPCheckInfo
  'mesos.v1.CheckStatusInfo': CheckStatusInfo
  'mesos.v1.CheckStatusInfo.Command': CheckStatusInfoCommand
  'mesos.v1.CheckStatusInfo.Http': CheckStatusInfoHttp
  'mesos.v1.CheckStatusInfo.Tcp': CheckStatusInfoTcp
  'mesos.v1.Port': Port
  'mesos.v1.Ports': Ports
  'mesos.v1.DiscoveryInfo': DiscoveryInfo
  'mesos.v1.OfferFilters': OfferFilters
  'mesos.v1.OfferFilters.MinAllocatableResources': OfferFiltersMinAllocatableResources
  'mesos.v1.OfferFilters.ResourceQuantities': OfferFiltersResourceQuantities
  'mesos.v1.FrameworkInfo': FrameworkInfo
  'mesos.v1.FrameworkInfo.Capability': FrameworkInfoCapability
  'mesos.v1.MasterInfo': MasterInfo
  'mesos.v1.MasterInfo.Capability': MasterInfoCapability
  'mesos.v1.AgentInfo': AgentInfo
  'mesos.v1.ExecutorInfo': ExecutorInfo
  'mesos.v1.TaskInfo': TaskInfo
  'mesos.v1.TaskGroupInfo': TaskGroupInfo
  'mesos.v1.TaskResourceLimitation': TaskResourceLimitation
  'mesos.v1.TaskStatus': TaskStatus
  'mesos.v1.Request': Request
  'mesos.v1.Offer': Offer
  'mesos.v1.Offer.Operation': OfferOperation
  'mesos.v1.Offer.Operation.Launch': OfferOperationLaunch
  'mesos.v1.Offer.Operation.Reserve': OfferOperationReserve
  'mesos.v1.Offer.Operation.Unreserve': OfferOperationUnreserve
  'mesos.v1.Offer.Operation.Create': OfferOperationCreate
  'mesos.v1.Offer.Operation.Destroy': OfferOperationDestroy
  'mesos.v1.Offer.Operation.LaunchGroup': OfferOperationLaunchGroup
  'mesos.v1.Offer.Operation.GrowVolume': OfferOperationGrowVolume
  'mesos.v1.Offer.Operation.ShrinkVolume': OfferOperationShrinkVolume
  'mesos.v1.Offer.Operation.CreateDisk': OfferOperationCreateDisk
  'mesos.v1.Offer.Operation.DestroyDisk': OfferOperationDestroyDisk
  'mesos.v1.InverseOffer': InverseOffer
  'mesos.v1.Filters': Filters
  'mesos.v1.OperationStatus': OperationStatus
  'mesos.v1.scheduler.AttributeConstraint': SchedulerAttributeConstraint
  'mesos.v1.scheduler.AttributeConstraint.Selector': SchedulerAttributeConstraintSelector
  'mesos.v1.scheduler.AttributeConstraint.Predicate': SchedulerAttributeConstraintPredicate
  'mesos.v1.scheduler.AttributeConstraint.Predicate.Exists': SchedulerAttributeConstraintPredicateExists
  'mesos.v1.scheduler.AttributeConstraint.Predicate.NotExists': SchedulerAttributeConstraintPredicateNotExists
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextEquals': SchedulerAttributeConstraintPredicateTextEquals
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotEquals': SchedulerAttributeConstraintPredicateTextNotEquals
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextMatches': SchedulerAttributeConstraintPredicateTextMatches
  'mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotMatches': SchedulerAttributeConstraintPredicateTextNotMatches
  'mesos.v1.scheduler.OfferConstraints': SchedulerOfferConstraints
  'mesos.v1.scheduler.OfferConstraints.RoleConstraints': SchedulerOfferConstraintsRoleConstraints
  'mesos.v1.scheduler.OfferConstraints.RoleConstraints.Group': SchedulerOfferConstraintsRoleConstraintsGroup
  'mesos.v1.scheduler.Event': SchedulerEvent
  'mesos.v1.scheduler.Event.Subscribed': SchedulerEventSubscribed
  'mesos.v1.scheduler.Event.Offers': SchedulerEventOffers
  'mesos.v1.scheduler.Event.Rescind': SchedulerEventRescind
  'mesos.v1.scheduler.Event.Update': SchedulerEventUpdate
  'mesos.v1.scheduler.Event.Message': SchedulerEventMessage
  'mesos.v1.scheduler.Event.Failure': SchedulerEventFailure
  'mesos.v1.scheduler.Event.Error': SchedulerEventError
  'mesos.v1.scheduler.Event.InverseOffers': SchedulerEventInverseOffers
  'mesos.v1.scheduler.Event.RescindInverseOffer': SchedulerEventRescindInverseOffer
  'mesos.v1.scheduler.Event.UpdateOperationStatus': SchedulerEventUpdateOperationStatus
  'mesos.v1.scheduler.Call': SchedulerCall
  'mesos.v1.scheduler.Call.Subscribe': SchedulerCallSubscribe
  'mesos.v1.scheduler.Call.Accept': SchedulerCallAccept
  'mesos.v1.scheduler.Call.Decline': SchedulerCallDecline
  'mesos.v1.scheduler.Call.Kill': SchedulerCallKill
  'mesos.v1.scheduler.Call.Shutdown': SchedulerCallShutdown
  'mesos.v1.scheduler.Call.Acknowledge': SchedulerCallAcknowledge
  'mesos.v1.scheduler.Call.Reconcile': SchedulerCallReconcile
  'mesos.v1.scheduler.Call.Reconcile.Task': SchedulerCallReconcileTask
  'mesos.v1.scheduler.Call.Message': SchedulerCallMessage
  'mesos.v1.scheduler.Call.Request': SchedulerCallRequest
  'mesos.v1.scheduler.Call.AcceptInverseOffers': SchedulerCallAcceptInverseOffers
  'mesos.v1.scheduler.Call.DeclineInverseOffers': SchedulerCallDeclineInverseOffers
  'mesos.v1.scheduler.Call.Revive': SchedulerCallRevive
  'mesos.v1.scheduler.Call.Suppress': SchedulerCallSuppress
  'mesos.v1.scheduler.Call.AcknowledgeOperationStatus': SchedulerCallAcknowledgeOperationStatus
  'mesos.v1.scheduler.Call.ReconcileOperations': SchedulerCallReconcileOperations
  'mesos.v1.scheduler.Call.ReconcileOperations.Operation': SchedulerCallReconcileOperationsOperation
  'mesos.v1.scheduler.Call.UpdateFramework': SchedulerCallUpdateFramework
  'mesos.v1.executor.Event': ExecutorEvent
  'mesos.v1.executor.Event.Subscribed': ExecutorEventSubscribed
  'mesos.v1.executor.Event.Acknowledged': ExecutorEventAcknowledged
  'mesos.v1.executor.Event.Launch': ExecutorEventLaunch
  'mesos.v1.executor.Event.Kill': ExecutorEventKill
  'mesos.v1.executor.Event.Message': ExecutorEventMessage
  'mesos.v1.executor.Event.Error': ExecutorEventError
  'mesos.v1.executor.Event.LaunchGroup': ExecutorEventLaunchGroup
  'mesos.v1.executor.Call': ExecutorCall
  'mesos.v1.executor.Call.Subscribe': ExecutorCallSubscribe
  'mesos.v1.executor.Call.Update': ExecutorCallUpdate
  'mesos.v1.executor.Call.Message': ExecutorCallMessage
}
