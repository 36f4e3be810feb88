import {
  CreateUserCommand,
  DeleteUserCommand,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetGroupCommand,
  ListAttachedRolePoliciesCommand,
  ListGroupsForUserCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { clientsOf, refusalOf } from '../../test/clients.ts'
import { createSandbox } from '../sandbox.ts'
import { seedLarge } from '../seed/seed-large.ts'

const { iam } = clientsOf(createSandbox())

test('a page holds 100 items where no number is asked for, and 1,000 at most', async () => {
  const first = await iam.send(new GetAccountAuthorizationDetailsCommand({}))
  expect(sizeOf(first)).toBe(100)
  expect(first.IsTruncated).toBe(true)
  for (const MaxItems of [0, 1001]) {
    expect(await refusalOf(iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems })))).toMatch(
      /^ValidationError 400 .*maxItems/,
    )
  }
})

test.each([1, 2, 7, 99, 1000])('pages of %d give everything once and in order', async (pageSize) => {
  const names: (string | undefined)[] = []
  for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize }, {})) {
    expect(sizeOf(page)).toBeLessThanOrEqual(pageSize)
    names.push(
      ...(page.UserDetailList ?? []).map((each) => each.Arn),
      ...(page.GroupDetailList ?? []).map((each) => each.Arn),
      ...(page.RoleDetailList ?? []).map((each) => each.Arn),
      ...(page.Policies ?? []).map((each) => each.Arn),
    )
  }
  const whole = await iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }))
  expect(new Set(names).size).toBe(names.length)
  expect(names).toHaveLength(sizeOf(whole))
})

test('a page that ends exactly at the last item is the last one', async () => {
  const users = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: 12 }))
  expect(users.UserDetailList).toHaveLength(12)
  expect(users.IsTruncated).toBe(false)
  expect(users.Marker).toBeUndefined()
})

test('a filter leaves the other kinds out', async () => {
  const local = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'] }))
  expect(local.Policies?.length).toBeGreaterThan(5)
  expect(local.Policies?.every((each) => each.Arn?.includes('123456789012'))).toBe(true)
  expect([local.UserDetailList, local.RoleDetailList].flat().filter(Boolean)).toEqual([])
  const aws = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['AWSManagedPolicy'] }))
  expect(aws.Policies?.map((each) => each.PolicyName)).toContain('AmazonSageMakerFullAccess')
  expect(
    aws.Policies?.every(
      (each) => (each.AttachmentCount ?? 0) + (each.PermissionsBoundaryUsageCount ?? 0) > 0,
    ),
  ).toBe(true)
})

test('a marker of another listing, or an invented one, is refused', async () => {
  const { Marker } = await iam.send(new ListUsersCommand({ MaxItems: 2 }))
  expect(Marker).toBeDefined()
  expect(await refusalOf(iam.send(new ListRolesCommand({ Marker })))).toBe(
    'ValidationError 400 Invalid Marker.',
  )
  expect(await refusalOf(iam.send(new ListRolesCommand({ Marker: 'made-up' })))).toMatch(/Invalid Marker/)
  expect(await refusalOf(iam.send(new GetAccountAuthorizationDetailsCommand({ Marker: 'x' })))).toMatch(
    /Invalid Marker/,
  )
})

test('what comes or goes between two pages neither repeats nor hides the rest', async () => {
  const client = clientsOf(createSandbox()).iam
  const first = await client.send(new ListUsersCommand({ MaxItems: 5 }))
  await client.send(new CreateUserCommand({ UserName: 'aaa' }))
  await client.send(new DeleteUserCommand({ UserName: 'ana' }))
  const rest = await client.send(new ListUsersCommand({ Marker: first.Marker }))
  const names = [...(first.Users ?? []), ...(rest.Users ?? [])].map((each) => each.UserName)
  expect(names).toHaveLength(12)
  expect(new Set(names).size).toBe(12)
})

test('documents come percent-encoded, spaces and quotes and brackets alike', async () => {
  const { RoleDetailList } = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 1000 }),
  )
  const tracking = RoleDetailList?.find((each) => each.RoleName === 'MlflowTracking')
  const raw = tracking?.RolePolicyList?.[0]?.PolicyDocument ?? ''
  expect(raw).toMatch(/^[A-Za-z0-9\-._~%]+$/)
  expect(decodeURIComponent(raw)).toContain('"s3:Get*"')
  expect(raw).toContain('s3%3AGet%2A')
})

test('shorter listings page and filter by path too', async () => {
  const roles = []
  for await (const page of paginateListRoles(
    { client: iam, pageSize: 10 },
    { PathPrefix: '/aws-reserved/' },
  )) {
    roles.push(...(page.Roles ?? []))
  }
  expect(roles).toHaveLength(6)
  const reviewers = await iam.send(new GetGroupCommand({ GroupName: 'ml-reviewers', MaxItems: 4 }))
  expect(reviewers).toMatchObject({ IsTruncated: true, Users: { length: 4 } })
  const more = await iam.send(new GetGroupCommand({ GroupName: 'ml-reviewers', Marker: reviewers.Marker }))
  expect(more).toMatchObject({ IsTruncated: false, Users: { length: 2 } })
  const groups = await iam.send(new ListGroupsForUserCommand({ UserName: 'elif' }))
  expect(groups.Groups?.map((each) => each.GroupName)).toEqual(['ml-reviewers', 'analysts'])
  const crowded = { RoleName: 'lab-notebooks', MaxItems: 4 }
  const attached = await iam.send(new ListAttachedRolePoliciesCommand(crowded))
  expect(attached).toMatchObject({ IsTruncated: true, AttachedPolicies: { length: 4 } })
  const local = await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }))
  expect(local.Policies?.map((each) => each.PolicyName)).not.toContain('handmade+2021@lab')
})

test('ten thousand principals are eleven pages', async () => {
  const sandbox = createSandbox({ state: seedLarge({ principals: 10_000 }) })
  let found = 0
  const pages = paginateGetAccountAuthorizationDetails(
    { client: clientsOf(sandbox).iam, pageSize: 1000 },
    { Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'] },
  )
  for await (const page of pages) found += sizeOf(page)
  expect(found).toBe(10_000 + 1 + 50 + 200)
  expect(sandbox.calls).toHaveLength(11)
})

function sizeOf(page: GetAccountAuthorizationDetailsCommandOutput): number {
  const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = page
  return [UserDetailList, GroupDetailList, RoleDetailList, Policies].reduce(
    (sum, rows) => sum + (rows?.length ?? 0),
    0,
  )
}
