import type { Operation } from '../plan/operation.ts'
import { arnName } from '../policy/arn.ts'
import { referencesOf } from './resolve-values.ts'
import { subjectsOf } from './subjects.ts'

/** One operation's place in the graph of a plan. Numbers are places in the plan. */
export interface Step {
  readonly operation: Operation
  /** It starts only after all steps of earlier phases have ended. */
  readonly phase: number
  /** Steps that must have succeeded before it is sent; each comes earlier in the plan. */
  readonly needs: readonly number[]
  /** Objects that only one call at a time may touch. */
  readonly subjects: readonly string[]
}

type Manner = 'attach' | 'detach' | 'alone'

interface Trail {
  /** The last step that had the object to itself. */
  alone: number | undefined
  attached: number[]
  detached: number[]
}

/**
 * Works out what may run at the same time. The plan's order is kept between any two steps that touch the same
 * object, except that attaching one policy to many holders, or many to one, has no order. Phases keep the
 * plan's larger order: widen, provision, switch, narrow, delete, whatever objects are touched.
 */
export function orderSteps(operations: readonly Operation[]): readonly Step[] {
  const phases = phasesOf(operations)
  const places = new Map(operations.map((operation, place) => [operation.id, place]))
  const trails = new Map<string, Trail>()
  return operations.map((operation, place) => {
    const { holder, policy } = subjectsOf(operation)
    const manner = mannerOf(operation)
    const needs = new Set<number>()
    for (const id of referencesOf(operation.input)) {
      const from = places.get(id)
      if (from !== undefined && from < place) needs.add(from)
    }
    if (holder !== undefined) follow(trailOf(trails, holder), place, manner, true, needs)
    for (const role of rolesOfSwitch(operation)) follow(trailOf(trails, role), place, 'alone', true, needs)
    if (policy !== undefined) follow(trailOf(trails, policy), place, manner, false, needs)
    const subjects = [holder, policy].filter((subject) => subject !== undefined)
    return { operation, phase: phases[place] ?? 0, needs: [...needs], subjects }
  })
}

/** Adds what `place` has to wait for on one object, and leaves its own mark there. */
function follow(trail: Trail, place: number, manner: Manner, isHolder: boolean, needs: Set<number>): void {
  if (trail.alone !== undefined) needs.add(trail.alone)
  // A holder gets its new policies before it loses old ones; a failed gain keeps the old.
  if (manner === 'alone' || (isHolder && manner === 'detach'))
    for (const other of trail.attached) needs.add(other)
  if (manner === 'alone' || (isHolder && manner === 'attach'))
    for (const other of trail.detached) needs.add(other)
  if (manner === 'alone') {
    trail.alone = place
    trail.attached = []
    trail.detached = []
  } else if (manner === 'attach') trail.attached.push(place)
  else trail.detached.push(place)
}

/**
 * A profile moves only to a role that is complete, and the role that it leaves loses nothing before: the new one is in
 * the request, the old one in its inverse.
 */
function rolesOfSwitch(operation: Operation): readonly string[] {
  if (operation.action !== 'UpdateUserProfile') return []
  const arns = [operation, ...operation.inverse].flatMap(({ action, input }) =>
    action === 'UpdateUserProfile' ? input.UserSettings.ExecutionRole : [],
  )
  return [...new Set(arns.map((arn) => `role/${arnName(arn)}`))]
}

function trailOf(trails: Map<string, Trail>, subject: string): Trail {
  const known = trails.get(subject)
  if (known) return known
  const fresh: Trail = { alone: undefined, attached: [], detached: [] }
  trails.set(subject, fresh)
  return fresh
}

function mannerOf({ action }: Operation): Manner {
  if (action.startsWith('Attach')) return 'attach'
  if (action.startsWith('Detach')) return 'detach'
  return 'alone'
}

type Kind = 'widen' | 'provision' | 'switch' | 'narrow' | 'delete'

/** A phase is a run of one kind in the plan's own order, so that any order a plan chooses is kept. */
function phasesOf(operations: readonly Operation[]): readonly number[] {
  let kind: Kind | undefined
  let phase = 0
  return operations.map((operation) => {
    const next = kindOf(operation)
    if (next !== undefined && kind !== undefined && next !== kind) phase += 1
    kind = next ?? kind
    return phase
  })
}

/** Undefined for steps that belong to whatever phase they stand in: making room for a version, tags. */
function kindOf({ action, risk, narrows }: Operation): Kind | undefined {
  if (action === 'ProvisionPermissionSet') return 'provision'
  // A profile moves to a role of its own when all of that role is usable, and before the shared one loses anything.
  if (action === 'UpdateUserProfile') return 'switch'
  if (action === 'DeletePolicy' || action === 'DeleteRole') return 'delete'
  if (action === 'DeletePolicyVersion') return risk === 'removes' ? 'delete' : undefined
  if (/Tag/.test(action)) return undefined
  // What a permission set says changes nothing before it is provisioned.
  if (/PermissionSet$/.test(action)) return 'widen'
  return narrows || risk === 'removes' ? 'narrow' : 'widen'
}
