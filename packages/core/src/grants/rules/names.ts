import { shapedText, showText, type TextRule } from '../complaint.ts'

/** Letters, digits and the few signs that IAM takes in names. */
const iamName = /^[\w+=,.@-]+$/
const iamAllowed = 'only letters, digits and _ + = , . @ -'
const notIam = /[^\w+=,.@-]/u

/** IAM's own limits: users and roles 64 characters, groups and policies 128, permission sets 32. */
export const userName = iam('a user name', 'user names', 64, 'ana')
export const roleName = iam('a role name', 'role names', 64, 'ci-trainer')
export const groupName = iam('a group name', 'group names', 128, 'ml-reviewers')
export const policyName = iam('a policy name', 'policy names', 128, 'MLflowPolicy')
export const permissionSetName = iam('a permission set name', 'permission set names', 32, 'MLScientist')

const reserved = /^(AWSReservedSSO_|AWSServiceRoleFor)/

/** The name of a role that a file makes or changes: AWS keeps some for roles that only it makes and edits. */
export const ownRoleName: TextRule = {
  complain(text) {
    const start = text.match(reserved)?.[0]
    if (start === undefined) return roleName.complain(text)
    return {
      what: `${showText(text)} is a name that AWS keeps for itself.`,
      why: `Roles named ${start}* belong to ${start === 'AWSReservedSSO_' ? 'IAM Identity Center' : 'their AWS service'}; IAM lets nobody else make or edit one.`,
      fix: `Choose another name, like ${roleName.keywords.examples?.[0]}.`,
    }
  },
  keywords: {
    ...roleName.keywords,
    description: `${roleName.keywords.description}; not one that begins with AWSReservedSSO_ or AWSServiceRoleFor`,
    pattern: `^(?!${reserved.source.slice(1)})${iamName.source.slice(1)}`,
  },
}

function iam(noun: string, nouns: string, max: number, example: string) {
  return shapedText({
    noun,
    nouns,
    where: 'IAM',
    max,
    pattern: iamName,
    allowed: iamAllowed,
    foreign: notIam,
    title: noun.replace(/^an? (.)/, (_, first: string) => first.toUpperCase()),
    description: `${nouns}: at most ${max} characters, ${iamAllowed}`,
    examples: [example],
  })
}

/** The owner mark of a grants file: it ends up in paths and names of policies. */
export const fileName = shapedText({
  noun: 'a name for a grants file',
  nouns: 'names',
  where: 'a grants file',
  max: 32,
  pattern: /^[a-z0-9-]+$/,
  allowed: 'only a to z, 0 to 9 and -',
  foreign: /[^a-z0-9-]/u,
  title: 'Name',
  description: "Owner mark. Two files with two names never touch each other's roles and policies.",
  examples: ['ml-platform'],
})

/** The AWS CLI takes what stands in brackets in its files; spaces and quotes would need quoting everywhere. */
export const awsProfileName = shapedText({
  noun: 'a profile name',
  nouns: 'profile names',
  where: 'the AWS CLI',
  max: 64,
  pattern: /^[\w.@+=/-]+$/,
  allowed: 'letters, digits and _ . @ + = / -',
  foreign: /[^\w.@+=/-]/u,
  title: 'AWS profile',
  description: 'A profile of the AWS CLI.',
  examples: ['ml-prod'],
})

export const personaName = shapedText({
  noun: 'a persona name',
  nouns: 'persona names',
  where: 'a grants file',
  max: 40,
  pattern: /^[a-z0-9-]+$/,
  allowed: 'only a to z, 0 to 9 and -',
  foreign: /[^a-z0-9-]/u,
  title: 'Persona',
  description: 'A named set of actions.',
  examples: ['labeller'],
})

/** SageMaker's pattern for tracking server names. */
export const serverName = shapedText({
  noun: 'a server name',
  nouns: 'server names',
  where: 'SageMaker',
  max: 256,
  pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
  allowed: 'letters and digits with - between them, and no - at either end',
  foreign: /[^a-zA-Z0-9-]/u,
  title: 'Server',
  description:
    'A key of `servers`: the name of a tracking server, unless `arn`, `tag`, `all` or `app` says otherwise.',
  examples: ['ml-prod'],
})

export const domainId = shapedText({
  noun: 'a SageMaker domain id',
  nouns: 'domain ids',
  where: 'SageMaker',
  max: 63,
  pattern: /^d(-*[a-z0-9])+$/,
  allowed: 'd- and then a to z, 0 to 9',
  foreign: /[^a-z0-9-]/u,
  title: 'Domain id',
  description: 'A SageMaker domain.',
  examples: ['d-abc123'],
})

export const profileName = shapedText({
  noun: 'a user profile name',
  nouns: 'user profile names',
  where: 'SageMaker',
  max: 63,
  pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
  allowed: 'letters and digits with - between them',
  foreign: /[^a-zA-Z0-9-]/u,
  title: 'User profile',
  description: 'A SageMaker user profile.',
  examples: ['ben'],
})

/** Titles are for people only; they never stand in a policy. */
export const personaTitle = shapedText({
  noun: 'a title',
  nouns: 'titles',
  where: 'a grants file',
  max: 100,
  pattern: /^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]+$/,
  allowed: 'one line of text',
  foreign: /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u,
  title: 'Title',
  description: 'What people see beside the name.',
  examples: ['Labels runs'],
})
