import type { MlflowAppStatus, TrackingServerSize, TrackingServerStatus } from '@aws-sdk/client-sagemaker'
import type { TagState } from './state.ts'

/** A change that takes a while: the status shown meanwhile, for so many requests to the account. */
export interface Transition<Status extends string> {
  status: Status
  requests: number
}

interface RegionalState {
  arn: string
  region: string
  createdAt: string
  updatedAt: string
  tags: TagState[]
}

export interface ServerState extends RegionalState {
  name: string
  artifacts: string
  role: string
  size: TrackingServerSize
  mlflowVersion: string
  status: TrackingServerStatus
  transition?: Transition<TrackingServerStatus>
  automaticModelRegistration: boolean
  maintenanceWindow: string
  bucketOwner?: string
  bucketOwnerVerification: boolean
}

export interface AppState extends RegionalState {
  id: string
  name: string
  artifacts: string
  role: string
  kmsKey?: string
  mlflowVersion: string
  status: MlflowAppStatus
  transition?: Transition<MlflowAppStatus>
  modelRegistration: 'AutoModelRegistrationEnabled' | 'AutoModelRegistrationDisabled'
  accountDefault: 'ENABLED' | 'DISABLED'
  defaultDomains: string[]
  maintenanceWindow: string
}

export interface DomainState extends RegionalState {
  id: string
  name: string
  /** `DefaultUserSettings.ExecutionRole`. */
  defaultRole: string
  /** `DefaultSpaceSettings.ExecutionRole`. */
  defaultSpaceRole?: string
}

export interface ProfileState extends RegionalState {
  domain: string
  name: string
  /** `UserSettings.ExecutionRole`; absent where the profile inherits the domain's. */
  role?: string
  transition?: Transition<'Updating'>
}

export interface SpaceState extends RegionalState {
  domain: string
  name: string
  /** The profile that owns a private space. */
  owner?: string
  sharing: 'Private' | 'Shared'
  appType: 'JupyterLab' | 'CodeEditor'
}
