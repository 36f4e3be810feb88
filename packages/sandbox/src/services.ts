import { iam } from './iam/index.ts'
import { identityStore } from './identitystore/index.ts'
import { organizations } from './organizations/index.ts'
import { sagemaker } from './sagemaker/index.ts'
import { ssoAdmin } from './sso-admin/index.ts'
import { sts } from './sts/index.ts'
import type { Service } from './wire/service.ts'

/** Every service that the account speaks. */
export const services: readonly Service[] = [iam, sts, sagemaker, ssoAdmin, identityStore, organizations]
