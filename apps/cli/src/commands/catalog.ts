import {
  type CatalogAction,
  catalogSource,
  controlPlaneActions,
  mlflowActions,
  supportActions,
} from '@mlflow-iam/core/catalog/actions'
import { mlflowFunctions } from '@mlflow-iam/core/catalog/functions'
import { alsoNeedsOf } from '@mlflow-iam/core/personas/also-needs'
import { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
import type { S3Needs } from '@mlflow-iam/core/personas/persona'
import { exitCodes } from '@mlflow-iam/core/problem'
import { renderTable } from '../output/table.ts'
import type { Command } from './command.ts'
import { usageProblem } from './usage-problem.ts'

/** `catalog`: the reference data as a table or as JSON. */
export const run: Command = async ({ arguments: [word = 'actions'], flags, io }) => {
  const part = Object.hasOwn(parts, word) ? parts[word] : undefined
  if (!part) {
    throw usageProblem(
      `There is no catalog of ${JSON.stringify(word)}.`,
      `There are ${Object.keys(parts).join(', ')}.`,
      'For example: mlflow-iam catalog personas',
    )
  }
  const asJson = io.json || flags.format === 'json'
  io.out(asJson ? JSON.stringify(part.json(), null, io.json ? 0 : 2) : part.table(io.width))
  return exitCodes.done
}

interface Part {
  readonly json: () => object
  readonly table: (width: number) => string
}

const allActions = [...mlflowActions, ...controlPlaneActions, ...supportActions]

const parts: Readonly<Record<string, Part>> = {
  actions: {
    json: () => ({ version: 1, source: catalogSource, actions: allActions.map(actionObject) }),
    table: (width) =>
      renderTable(
        [
          { title: 'ACTION', shrinks: true },
          { title: 'ACCESS' },
          { title: 'GROUP' },
          { title: 'LETS SOMEONE', wraps: true },
        ],
        allActions.map(({ name, bare, access, group, description }) => [
          name.startsWith('sagemaker-mlflow:') ? bare : name,
          access,
          group,
          description,
        ]),
        width,
      ).join('\n'),
  },
  personas: {
    json: () => ({
      version: 1,
      personas: builtInPersonas.map((persona) => {
        const { name, title, purpose, actions } = persona
        return { name, title, purpose, actions, alsoNeeds: alsoNeedsOf(persona) }
      }),
    }),
    table: (width) =>
      renderTable(
        [{ title: 'PERSONA' }, { title: 'ACTIONS' }, { title: 'PURPOSE', wraps: true }],
        builtInPersonas.map(({ name, actions, purpose }) => [name, String(actions.length), purpose]),
        width,
      ).join('\n'),
  },
  functions: {
    json: () => ({
      version: 1,
      functions: mlflowFunctions().map(
        ({ name, form, actions, s3, alsoNeeds, evidence, notes, versions }) => ({
          name,
          ...(form === undefined ? {} : { form }),
          actions,
          s3: s3Words(s3),
          alsoNeeds,
          evidence,
          notes,
          versions,
        }),
      ),
    }),
    table: (width) =>
      renderTable(
        [{ title: 'FUNCTION', shrinks: true }, { title: 'S3' }, { title: 'ACTIONS', wraps: true }],
        mlflowFunctions().map(({ name, form, actions, s3 }) => [
          form === undefined ? name : `${name} (${form})`,
          s3Words(s3).join(' ') || '-',
          actions.join(' ') || '-',
        ]),
        width,
      ).join('\n'),
  },
}

/** `read`, `write`, `list`: what a client does in the artifact bucket, as the contract names it. */
export function s3Words({ read, write, list }: S3Needs): readonly string[] {
  return [...(read ? ['read'] : []), ...(write ? ['write'] : []), ...(list ? ['list'] : [])]
}

function actionObject({
  name,
  access,
  group,
  resourceTypes,
  conditionKeys,
  inGuide,
  functions,
}: CatalogAction): object {
  return { name, access, group, resourceTypes, conditionKeys, inGuide, functions }
}
