import { iam } from './iam/index.ts'
import { sagemaker } from './sagemaker/index.ts'
import { sts } from './sts/index.ts'
import type { Service } from './wire/service.ts'

/** Every service that the account speaks. */
export const services: readonly Service[] = [iam, sts, sagemaker]
