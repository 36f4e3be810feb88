import type { PrincipalRef } from '../../src/grants/grants-file.ts'
import type { SageMakerDomain, Snapshot, UserProfile } from '../../src/snapshot/snapshot.ts'
import { policyArn, roleArn, type SmallAccount, smallAccount } from './small-account.ts'

export const domainId = 'd-abc123'
const region = 'eu-west-1'
export const sharedArn = 'arn:aws:iam::123456789012:role/service-role/ds-shared'

export function studioProfile(name: string, role?: string): UserProfile {
  return {
    ...{ domain: domainId, name, region },
    arn: `arn:aws:sagemaker:${region}:123456789012:user-profile/${domainId}/${name}`,
    ...(role === undefined ? {} : { role: role === 'ds-shared' ? sharedArn : roleArn(role) }),
  }
}

export function profileRef(name: string): PrincipalRef {
  return { kind: 'profile', domain: domainId, name, text: `profile/${domainId}/${name}` }
}

const domain: SageMakerDomain = {
  ...{ id: domainId, name: 'team', region, defaultRole: roleArn('studio-default') },
  arn: `arn:aws:sagemaker:${region}:123456789012:domain/${domainId}`,
}

export const jobs = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: '*' },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: sharedArn },
  ],
}

/**
 * A Studio domain in which ana and ben share the role `ds-shared`, cleo and dara inherit `studio-default`, and eve has
 * a role to herself. `ds-shared` holds a managed policy, an inline one, a boundary and tags of its own.
 */
export function studioAccount(parts: SmallAccount = {}): Snapshot {
  return smallAccount({
    ...parts,
    roles: {
      'ds-shared': {
        attached: [policyArn('team-data')],
        inline: { jobs },
        boundary: policyArn('team-boundary'),
        tags: { team: 'ml' },
        path: '/service-role/',
      },
      'studio-default': { attached: [policyArn('team-data')] },
      'eve-only': {},
      ...parts.roles,
    },
    policies: {
      'team-data': {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
      },
      'team-boundary': {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      },
      ...parts.policies,
    },
    rest: {
      domains: [domain],
      profiles: [
        studioProfile('ana', 'ds-shared'),
        studioProfile('ben', 'ds-shared'),
        studioProfile('cleo'),
        studioProfile('dara'),
        studioProfile('eve', 'eve-only'),
      ],
      ...parts.rest,
    },
  })
}
