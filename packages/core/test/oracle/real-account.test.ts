import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mlflowActions } from '../../src/catalog/actions.ts'
import type { GrantsFile } from '../../src/grants/grants-file.ts'
import { buildPlan } from '../../src/plan/build-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { projectPlan } from '../../src/plan/project-plan.ts'
import type { IamRole, Snapshot } from '../../src/snapshot/snapshot.ts'
import { now, policyArn, roleArn, serverArn, userArn } from '../accounts/small-account.ts'
import { domainId, profileRef, studioAccount, studioProfile } from '../accounts/studio-account.ts'
import { grant, grantsFile, server, user } from '../grants-fixture.ts'
import { judge } from './naive-evaluator.ts'

const people = ['ana', 'ben', 'cleo', 'dara', 'eve'] as const
const personas = ['viewer', 'data-scientist', 'model-consumer'] as const
const roleNames = ['one', 'two', 'three'] as const
const hand = ['by-hand', 'of-old'] as const
const actions = ['GetRun', 'LogMetric', 'DeleteRun', 'AccessUI'].map((name) => `sagemaker-mlflow:${name}`)

const statement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
  Action: fc.subarray([...actions, 's3:GetObject', 'sagemaker-mlflow:*'], { minLength: 1 }),
  Resource: fc.constantFrom('*', serverArn('ml-dev'), serverArn('ml-prod')),
})
const document = fc
  .array(statement, { minLength: 1, maxLength: 2 })
  .map((Statement) => ({ Version: '2012-10-17', Statement }))

const role = fc.record({
  attached: fc.subarray([...hand.map((name) => policyArn(name)), 'arn:aws:iam::aws:policy/ReadOnlyAccess']),
  inline: fc.dictionary(fc.constantFrom('jobs', 'mlflow'), document, { maxKeys: 2 }),
  boundary: fc.constantFrom(undefined, policyArn('team-boundary')),
})

/** Roles that any of the profiles share, or inherit from the domain; users; two hand-made policies. */
const anyAccount = fc
  .record({
    roles: fc.tuple(role, role, role),
    acts: fc.tuple(...people.map(() => fc.constantFrom(undefined, ...roleNames))),
    users: fc.tuple(fc.subarray([...hand]), fc.subarray([...hand])),
    policies: fc.tuple(document, document),
  })
  .map(({ roles, acts, users, policies }): Snapshot => {
    const account = studioAccount({
      users: {
        ana: { attached: users[0].map((name) => policyArn(name)) },
        ben: { attached: users[1].map((name) => policyArn(name)) },
      },
      roles: Object.fromEntries(
        roles.map(({ boundary, ...one }, index) => [
          roleNames[index] ?? '',
          boundary === undefined ? one : { ...one, boundary },
        ]),
      ),
      policies: Object.fromEntries(hand.map((name, index) => [name, policies[index] ?? {}])),
    })
    const [domain] = account.domains
    return {
      ...account,
      domains: domain ? [{ ...domain, defaultRole: roleArn('one') }] : [],
      profiles: people.map((name, index) => studioProfile(name, acts[index])),
    }
  })

const anyFile = fc
  .record({
    grants: fc.array(
      fc.record({
        who: fc.subarray([...people], { minLength: 1 }),
        users: fc.subarray(['ana', 'ben']),
        persona: fc.constantFrom(...personas),
        on: fc.subarray(['ml-dev', 'ml-prod'], { minLength: 1 }),
      }),
      { maxLength: 3 },
    ),
    split: fc.subarray([...people]),
    adopt: fc.subarray([...hand, 'inline:jobs@role/one', 'inline:mlflow@role/one', 'inline:mlflow@role/two']),
  })
  .map(
    ({ grants, split, adopt }): GrantsFile =>
      grantsFile({
        servers: [server('ml-dev'), server('ml-prod')],
        grants: grants.map(({ who, users, persona, on }, index) =>
          grant(index, [...who.map(profileRef), ...users.map(user)], [persona], on),
        ),
        split: split.map((name) => ({ profile: `profile/${domainId}/${name}` })),
        adopt,
      }),
  )

const planFor = (file: GrantsFile, snapshot: Snapshot, prune = false): Plan =>
  buildPlan({ file, snapshot, prune, now })
const after = (plan: Plan, snapshot: Snapshot): Snapshot => projectPlan(snapshot, plan.operations)

/** The role that a profile acts through, whether it has it or inherits it. */
function roleOf(name: string, { profiles, domains, roles }: Snapshot): IamRole | undefined {
  const arn = profiles.find((profile) => profile.name === name)?.role ?? domains[0]?.defaultRole
  return roles.find((one) => one.arn === arn)
}

/** As the file names a role's inline policies. */
const isAdopted = (file: GrantsFile, role: string | undefined, policy: string) =>
  file.adopt.includes(`inline:${policy}@role/${role}`)

function shape(snapshot: Snapshot): unknown {
  const principals = [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map((one) => ({
    ...one,
    // One that comes back stands last.
    inline: [...one.inline].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }))
  return {
    principals: principals.map(({ arn, attached, inline }) => [arn, [...attached].sort(), inline]).sort(),
    policies: snapshot.policies.map(({ arn, versions, defaultVersion }) => [arn, defaultVersion, versions]),
    profiles: people.map((name) => [name, roleOf(name, snapshot)?.arn]),
  }
}

test('whatever is split and adopted, a second plan is empty, also after another file came between', () => {
  fc.assert(
    fc.property(anyAccount, anyFile, anyFile, fc.boolean(), (start, first, second, prune) => {
      const one = after(planFor(first, start, prune), start)
      expect(planFor(first, one, prune).operations).toEqual([])
      const two = after(planFor(second, one, prune), one)
      expect(planFor(second, two, prune).operations).toEqual([])
    }),
    { numRuns: 80 },
  )
})

test('the inverses of a plan, last first, bring back every attachment, policy and profile', () => {
  fc.assert(
    fc.property(anyAccount, anyFile, anyFile, (start, first, second) => {
      const one = after(planFor(first, start), start)
      const plan = planFor(second, one)
      const back = projectPlan(
        after(plan, one),
        [...plan.operations].reverse().flatMap(({ inverse }) => inverse),
      )
      expect(shape(back)).toEqual(shape(one))
    }),
    { numRuns: 60 },
  )
})

test('only profiles that the file splits get another role, and nothing from elsewhere is changed or deleted', () => {
  fc.assert(
    fc.property(anyAccount, anyFile, fc.boolean(), (start, file, prune) => {
      const plan = planFor(file, start, prune)
      const done = after(plan, start)
      const split = new Set(file.split.map(({ profile }) => profile.split('/')[2]))
      for (const name of people) {
        if (split.has(name)) expect(roleOf(name, done)?.name).toMatch(/^mlflow-iam-/u)
        else expect(roleOf(name, done)?.arn).toBe(roleOf(name, start)?.arn)
      }
      for (const policy of start.policies) expect(done.policies).toContainEqual(policy)
      const listed = new Set([...plan.target.principals, ...plan.target.roles].map(({ arn }) => arn))
      const adopted = new Set(file.adopt.map((name) => policyArn(name)))
      for (const holder of [...start.users, ...start.roles]) {
        const now = [...done.users, ...done.roles].find(({ arn }) => arn === holder.arn)
        const kept = holder.attached.filter((arn) => !(listed.has(holder.arn) && adopted.has(arn)))
        expect(now?.attached.filter((arn) => !arn.includes(':policy/mlflow-iam/'))).toEqual(kept)
        const own = holder.inline.filter(
          ({ name }) => !(listed.has(holder.arn) && isAdopted(file, holder.name, name)),
        )
        expect(now?.inline).toEqual(own)
      }
    }),
    { numRuns: 80 },
  )
})

test("a split profile's role gives exactly what the shared role gave and the profile's grants, as a naive evaluator sees it", () => {
  fc.assert(
    fc.property(anyAccount, anyFile, (start, file) => {
      const plan = planFor(file, start)
      const done = after(plan, start)
      const adopted = new Set(file.adopt.map((name) => policyArn(name)))
      const texts = (
        snapshot: Snapshot,
        role: IamRole | undefined,
        skip: ReadonlySet<string>,
      ): readonly string[] => [
        ...(role?.inline ?? [])
          .filter(({ name }) => skip.size === 0 || !isAdopted(file, role?.name, name))
          .map((one) => one.document),
        ...snapshot.policies
          .filter(({ arn }) => role?.attached.includes(arn) && !skip.has(arn))
          .flatMap(({ versions }) => versions[0]?.document ?? []),
      ]
      for (const { profile } of file.split) {
        const name = profile.split('/')[2] ?? ''
        const own = file.grants
          .filter(({ to }) => to.some((ref) => ref.kind === 'profile' && ref.name === name))
          .flatMap(({ index }) => index)
        const granted = planFor(
          {
            ...file,
            split: [],
            adopt: [],
            grants: file.grants
              .filter(({ index }) => own.includes(index))
              .map((one) => ({ ...one, to: [profileRef(name)] })),
          },
          start,
        ).target.policies.map(({ document: one }) => JSON.stringify(one))
        const source = roleOf(name, start)
        const expected = [...texts(start, source, adopted), ...granted]
        const given = texts(done, roleOf(name, done), new Set())
        const limit = start.policies.find(({ arn }) => arn === source?.boundary)?.versions[0]?.document
        expect(roleOf(name, done)?.boundary).toBe(source?.boundary)
        for (const resource of [serverArn('ml-dev'), serverArn('ml-prod'), serverArn('other')]) {
          for (const action of [...mlflowActions.map((one) => one.name), 's3:GetObject']) {
            const question = { action, resource, context: {} }
            expect(judge(question, given, limit), `${name} ${action} ${resource}`).toBe(
              judge(question, expected, limit),
            )
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})

test('who gives up a hand-made policy keeps the grants and loses what only that policy gave', () => {
  fc.assert(
    fc.property(anyAccount, anyFile, (start, file) => {
      const plan = planFor(file, start)
      const done = after(plan, start)
      for (const name of ['ana', 'ben']) {
        const before = start.users.find(({ arn }) => arn === userArn(name))
        const gone = before?.attached.filter(
          (arn) => !done.users.find((one) => one.name === name)?.attached.includes(arn),
        )
        const said = plan.findings.filter(
          ({ code, principal }) => code.startsWith('adopt-loses') && principal === userArn(name),
        )
        expect(said).toHaveLength(gone?.length ?? 0)
      }
    }),
    { numRuns: 40 },
  )
})
