import { mlflowActions } from '../../catalog/actions.ts'
import { closestName } from '../../catalog/suggest-name.ts'
import { showText, type TextRule } from '../complaint.ts'
import { chinaComplaint } from './aws.ts'

const prefix = 'sagemaker-mlflow:'
const bareNames = mlflowActions.map((action) => action.bare)
const known = new Set(bareNames)

/** An MLflow action, with or without `sagemaker-mlflow:` before it; spelled as AWS spells it. */
export const actionText: TextRule = {
  complain(text) {
    if (known.has(bareAction(text))) return undefined
    const other = text.match(/^([a-z0-9-]+):/)?.[1]
    const guess = closestName(bareAction(text), bareNames)
    if (text.includes('*') || text.includes('?')) {
      return {
        what: `${showText(text)} holds a wildcard.`,
        why: 'Actions are named one by one, so that a reviewer sees what is given.',
        fix: 'Name the actions, or use the persona use-mlflow, which holds every one.',
      }
    }
    return {
      what: `Unknown action ${showText(text)}.`,
      why:
        other !== undefined && `${other}:` !== prefix
          ? `Only the ${bareNames.length} actions of sagemaker-mlflow are granted here, not those of ${other}.`
          : `It is none of the ${bareNames.length} sagemaker-mlflow actions.`,
      fix: guess === undefined ? 'See the list: mlflow-iam catalog actions.' : `Did you mean ${guess}?`,
    }
  },
  keywords: {
    title: 'Action',
    description: 'One sagemaker-mlflow action; the prefix may be left out.',
    // One enumeration for completion; a second would offer every action twice.
    anyOf: [{ enum: bareNames }, { pattern: `^${prefix}(${bareNames.join('|')})$` }],
  },
}

/** `LogMetric` of `sagemaker-mlflow:LogMetric`. */
export function bareAction(text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

export const partitionName: TextRule = {
  complain(text) {
    if (text === 'aws' || text === 'aws-us-gov') return undefined
    if (text === 'aws-cn') return chinaComplaint('This account')
    return unknownChoice(text, 'a partition', ['aws', 'aws-us-gov'])
  },
  keywords: { title: 'Partition', description: 'aws unless said otherwise.', enum: ['aws', 'aws-us-gov'] },
}

export const rolePolicy = choice('Policy', 'a kind of role policy', [
  ['narrow', 'scoped to what the file names; the default'],
  ['documented', "the AWS guide's JSON, statement for statement"],
])

export const appAccess = choice('Access', 'a kind of access to an App', [
  ['full', 'everything: an App has one action for all its functions'],
])

export const permissionSetPolicy = choice('Policy', 'a form of policy', [
  ['reference', 'refers to our policies by name, which every account of the set must hold; the default'],
  ['inline', "stands in the set's inline policy, beside what others wrote there; nothing else is needed"],
])

function choice(title: string, noun: string, choices: readonly (readonly [string, string])[]): TextRule {
  const names = choices.map(([name]) => name)
  return {
    complain: (text) => (names.includes(text) ? undefined : unknownChoice(text, noun, names)),
    keywords: {
      title,
      description: choices.map(([name, words]) => `${name}: ${words}`).join('. '),
      enum: names,
    },
  }
}

function unknownChoice(text: string, noun: string, names: readonly string[]) {
  const guess = closestName(text, names)
  return {
    what: `${showText(text)} is not ${noun}.`,
    why: `It takes ${names.join(' or ')}.`,
    fix: guess === undefined ? `Write ${names.join(' or ')}.` : `Did you mean ${guess}?`,
  }
}
