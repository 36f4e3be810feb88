import type { Plan } from '../../plan/plan.ts'
import type { Resource, Template } from './template.ts'

/** Every resource only in the home region; a handle that costs nothing, since a stack must hold something. */
export function inHomeRegion(template: Template, plan: Plan): Template {
  const conditional = <Value extends object>(things: Readonly<Record<string, Value>> = {}) =>
    Object.fromEntries(Object.entries(things).map(([id, thing]) => [id, { ...withCondition(thing) }]))
  return {
    ...template,
    Parameters: {
      HomeRegion: {
        Type: 'String',
        Default: plan.region,
        Description: 'The one region in which the stack makes anything: IAM is the same in all regions.',
        AllowedPattern: '[a-z]{2}(-[a-z]+)+-[0-9]',
      },
      ...template.Parameters,
    },
    Conditions: {
      IsHome: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { Ref: 'HomeRegion' }] },
      ...template.Conditions,
    },
    Resources: { ...nothing, ...(conditional(template.Resources) as Record<string, Resource>) },
    Outputs: conditional(template.Outputs as Record<string, object>),
  }
}

/** `Type` stays first, where a reader looks for it. */
function withCondition(thing: object): object {
  const { Type, ...rest } = thing as { Type?: string }
  return Type === undefined ? { ...rest, Condition: 'IsHome' } : { Type, Condition: 'IsHome', ...rest }
}

/** What a stack holds where there is nothing to make: a stack without resources is refused. */
export const nothing: Readonly<Record<string, Resource>> = {
  NothingElsewhere: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
}
