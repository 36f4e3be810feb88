import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts'
import { hexId } from '../account/ids.ts'
import { Refusal } from '../wire/refusal.ts'
import { ignored, required, text, whole } from '../wire/rules.ts'
import { operation, type Service } from '../wire/service.ts'

const mostSessions = 100

/** AWS Security Token Service. */
export const sts: Service = {
  id: 'sts',
  protocol: 'query',
  signingNames: ['sts'],
  version: '2011-06-15',
  operations: {
    GetCallerIdentity: operation<GetCallerIdentityRequest, GetCallerIdentityResponse>(
      {},
      ({ account, caller }) => ({
        UserId: caller.userId,
        Account: account.state.account,
        Arn: caller.arn,
      }),
    ),

    /** Only roles that are there can be assumed. Whether the caller may is not asked. */
    AssumeRole: operation<AssumeRoleRequest, AssumeRoleResponse>(
      {
        RoleArn: required(text({ min: 20, max: 2048 })),
        RoleSessionName: required(text({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' })),
        DurationSeconds: whole(900, 43_200),
        PolicyArns: ignored(),
        Policy: ignored(),
        Tags: ignored(),
        TransitiveTagKeys: ignored(),
        ExternalId: ignored(),
        SerialNumber: ignored(),
        TokenCode: ignored(),
        SourceIdentity: ignored(),
        ProvidedContexts: ignored(),
        MinimumSessionTokenSize: ignored(),
      },
      ({ account, caller, now }, input) => {
        const name = input.RoleArn.slice(input.RoleArn.lastIndexOf('/') + 1)
        const role = account.roles.find(name.toLowerCase())
        if (role?.arn !== input.RoleArn) {
          throw new Refusal(
            'AccessDenied',
            `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
            403,
          )
        }
        const seed = account.nextSeed()
        const { partition, account: id } = account.state
        const session = {
          accessKey: `ASIA${hexId(16, seed).toUpperCase()}`,
          arn: `arn:${partition}:sts::${id}:assumed-role/${role.name}/${input.RoleSessionName}`,
          userId: `${role.id}:${input.RoleSessionName}`,
          until: new Date(now.getTime() + (input.DurationSeconds ?? 3600) * 1000).toISOString(),
        }
        account.state.sessions = [...(account.state.sessions ?? []), session].slice(-mostSessions)
        return {
          Credentials: {
            AccessKeyId: session.accessKey,
            SecretAccessKey: hexId(40, `secret/${seed}`),
            SessionToken: hexId(64, `token/${seed}`),
            Expiration: new Date(session.until),
          },
          AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
        }
      },
    ),
  },
}
