import { closestName } from '../../catalog/suggest-name.ts'
import { parseArn } from '../../policy/arn.ts'
import { type Complaint, showText, type TextRule } from '../complaint.ts'
import type { PrincipalRef } from '../grants-file.ts'
import { chinaComplaint } from './aws.ts'
import { domainId, groupName, permissionSetName, profileName, roleName, userName } from './names.ts'

const iamChars = '[\\w+=,.@-]'
const editorPattern = [
  `((arn:aws(-us-gov)?:iam::[0-9]{12}:)?(user|role)/([!-~]+/)?${iamChars}{1,64})`,
  `((arn:aws(-us-gov)?:iam::[0-9]{12}:)?group/([!-~]+/)?${iamChars}{1,128})`,
  '(profile/d(-*[a-z0-9])+/[a-zA-Z0-9](-*[a-zA-Z0-9])*)',
  '(domain/d(-*[a-z0-9])+)',
  `(permission-set/${iamChars}{1,32})`,
].join('|')

export const principalText: TextRule = {
  complain(text) {
    const read = readPrincipal(text)
    return 'kind' in read ? undefined : read
  },
  keywords: {
    title: 'Principal',
    description:
      'user/NAME, group/NAME, role/NAME (a path may stand before the name), their full ARN, profile/DOMAIN/NAME, domain/DOMAIN or permission-set/NAME.',
    pattern: `^(${editorPattern})$`,
    examples: [
      'user/ana',
      'group/ml-reviewers',
      'role/ci-trainer',
      'profile/d-abc123/ben',
      'permission-set/MLScientist',
    ],
  },
}

/** A SageMaker user profile and nothing else. */
export const profileText: TextRule = {
  complain(text) {
    const read = readPrincipal(text)
    if (!('kind' in read)) return read
    if (read.kind === 'profile') return undefined
    return {
      what: `${showText(text)} is not a SageMaker user profile.`,
      why: 'Only profiles share execution roles, so only they can get one of their own.',
      fix: 'Write it like profile/d-abc123/ben.',
    }
  },
  keywords: {
    title: 'User profile',
    description: 'profile/DOMAIN/NAME',
    pattern: '^profile/d(-*[a-z0-9])+/[a-zA-Z0-9](-*[a-zA-Z0-9])*$',
    examples: ['profile/d-abc123/ben'],
  },
}

const kinds = ['user', 'group', 'role', 'profile', 'domain', 'permission-set'] as const
const forms =
  'user/NAME, group/NAME, role/NAME, profile/DOMAIN/NAME, domain/DOMAIN, permission-set/NAME or an ARN'

/** Reads one `to` of a grant, or says what is wrong with it. */
export function readPrincipal(text: string): PrincipalRef | Complaint {
  if (text.startsWith('arn:')) return readArn(text)
  const slash = text.indexOf('/')
  const kind = slash === -1 ? text : text.slice(0, slash)
  const rest = slash === -1 ? '' : text.slice(slash + 1)
  switch (kind) {
    case 'user':
    case 'group':
    case 'role':
      return readIam(kind, rest, text)
    case 'profile':
      return readProfile(rest, text)
    case 'domain': {
      const wrong = domainId.complain(rest)
      return wrong ? about(text, wrong) : { kind, domain: rest, text }
    }
    case 'permission-set': {
      const wrong = permissionSetName.complain(rest)
      return wrong ? about(text, wrong) : { kind, name: rest, text }
    }
    default:
      return unknownForm(text, slash === -1 ? undefined : kind, rest)
  }
}

function unknownForm(text: string, kind: string | undefined, rest: string): Complaint {
  const guess = kind === undefined ? undefined : closestName(kind, kinds)
  const bare = kind === undefined && /^[\w+=,.@-]{1,64}$/.test(text)
  return {
    what: `${showText(text)} names no principal.`,
    why: `\`to\` takes ${forms}.`,
    fix:
      guess !== undefined
        ? `Did you mean ${guess}/${rest.slice(0, 64)}?`
        : bare
          ? `Say what it is: user/${text}, group/${text} or role/${text}.`
          : 'Write one of these forms.',
  }
}

type IamKind = 'user' | 'group' | 'role'
const nameRules = { user: userName, group: groupName, role: roleName } as const

function readIam(kind: IamKind, rest: string, text: string, arn?: string): PrincipalRef | Complaint {
  const last = rest.lastIndexOf('/')
  const name = rest.slice(last + 1)
  const path = last === -1 ? undefined : `/${rest.slice(0, last)}/`
  const wrong = nameRules[kind].complain(name) ?? (path === undefined ? undefined : complainAboutPath(path))
  if (wrong) return about(text, wrong)
  const refused = kind === 'role' ? complainAboutProtectedRole(name, path) : undefined
  if (refused) return refused
  return { kind, name, ...(path === undefined ? {} : { path }), ...(arn === undefined ? {} : { arn }), text }
}

function complainAboutPath(path: string): Complaint | undefined {
  if (path.length > 512) {
    return {
      what: 'The path is too long.',
      why: `IAM paths have at most 512 characters, and this one has ${path.length}.`,
      fix: 'Write the path as IAM shows it.',
    }
  }
  if (/^\/([!-.0-~]+\/)+$/.test(path)) return undefined
  return {
    what: `${showText(path)} is not an IAM path.`,
    why: 'The parts of a path hold visible ASCII characters, with one / between them.',
    fix: 'Write it like role/teams/ml/trainer.',
  }
}

function complainAboutProtectedRole(name: string, path = ''): Complaint | undefined {
  const set = name.match(/^AWSReservedSSO_(.+)_[0-9a-f]{16}$/)?.[1]
  if (name.startsWith('AWSReservedSSO_') || path.startsWith('/aws-reserved/')) {
    return {
      what: `${showText(name)} cannot be changed.`,
      why: 'Roles named AWSReservedSSO_* belong to IAM Identity Center; IAM refuses to edit them.',
      fix: `Name the permission set: permission-set/${set ?? 'NAME'}.`,
    }
  }
  if (!path.startsWith('/aws-service-role/') && !name.startsWith('AWSServiceRoleFor')) return undefined
  return {
    what: `${showText(name)} cannot be changed.`,
    why: 'Service-linked roles belong to their AWS service; IAM refuses to edit them.',
    fix: 'Name a role of your own.',
  }
}

function readProfile(rest: string, text: string): PrincipalRef | Complaint {
  const [domain = '', name, more] = rest.split('/')
  if (name === undefined || more !== undefined) {
    return {
      what: `${showText(text)} names no user profile.`,
      why: 'A user profile is named by its domain and its name.',
      fix: 'Write it like profile/d-abc123/ben.',
    }
  }
  const wrong = domainId.complain(domain) ?? profileName.complain(name)
  return wrong ? about(text, wrong) : { kind: 'profile', domain, name, text }
}

function readArn(text: string): PrincipalRef | Complaint {
  const arn = parseArn(text)
  if (arn?.partition === 'aws-cn') return chinaComplaint(showText(text))
  const [kind = '', ...parts] = arn?.resource.split('/') ?? []
  const rest = parts.join('/')
  if (
    arn?.service === 'iam' &&
    arn.region === '' &&
    (kind === 'user' || kind === 'group' || kind === 'role')
  ) {
    if (!/^aws(-us-gov)?$/.test(arn.partition) || !/^\d{12}$/.test(arn.account)) return notAnArn(text)
    return readIam(kind, rest, text, text)
  }
  const instead = arn ? insteadOf(arn.service, kind, rest) : undefined
  return instead ? { what: `${showText(text, 100)} cannot hold a grant.`, ...instead } : notAnArn(text)
}

function insteadOf(service: string, kind: string, rest: string): { why: string; fix: string } | undefined {
  const first = rest.split('/')[0] ?? ''
  const forms: Readonly<Record<string, { why: string; fix: string }>> = {
    'sts:assumed-role': {
      why: 'An assumed-role ARN is a session of a role, and sessions hold no policies.',
      fix: `Use the role's ARN, or role/${first}.`,
    },
    'sts:federated-user': {
      why: 'A federated user is a session, and sessions hold no policies.',
      fix: 'Use user/NAME.',
    },
    'iam:root': {
      why: 'The root user can do everything already, and takes no policies.',
      fix: 'Name a user, group or role.',
    },
    'iam:instance-profile': {
      why: 'An instance profile acts through its role.',
      fix: 'Name the role: role/NAME.',
    },
    'sagemaker:user-profile': {
      why: 'A user profile acts through its execution role.',
      fix: `Write profile/${rest}, which finds the role.`,
    },
    'sagemaker:domain': {
      why: 'A domain acts through its execution role.',
      fix: `Write domain/${first}, which finds the role.`,
    },
    'sso:permissionSet': {
      why: 'Permission sets are named by their name here.',
      fix: 'Write permission-set/NAME.',
    },
  }
  return forms[`${service}:${kind}`]
}

function notAnArn(text: string): Complaint {
  return {
    what: `${showText(text, 100)} is not the ARN of a user, group or role.`,
    why: 'It must look like arn:aws:iam::123456789012:role/ci-trainer.',
    fix: `Copy it from IAM, or use ${forms.replace(' or an ARN', '')}.`,
  }
}

/** The rule's complaint is about a part of the text; the message shows the whole. */
function about(text: string, complaint: Complaint): Complaint {
  return { ...complaint, what: `${showText(text)}: ${complaint.what}` }
}
