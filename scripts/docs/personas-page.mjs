import { code, generated, table } from './table.mjs'

/** Who gets which actions, from the catalogue. */
export function renderPersonas({ builtInPersonas, actionGroups, mlflowActions }) {
  const listed = builtInPersonas.filter(({ actions, wildcard }) => actions.length > 0 && !wildcard)
  const split = ({ name }) => name.replaceAll('-', '-<br>')
  return `${generated('packages/core/src/personas')}

# Personas

A persona is a named set of MLflow actions with a purpose. Give people the smallest one that fits; add or remove single
actions in the grant, or [make your own](#your-own). \`mlflow-iam catalog personas\` prints the same list.

${table(
  ['persona', 'who', 'purpose', 'actions', 'S3 artifacts', 'UI'],
  builtInPersonas.map((persona) => [
    code(persona.name),
    persona.title,
    persona.purpose,
    persona.wildcard ? `${code('sagemaker-mlflow:*')}` : persona.actions.length,
    s3Words(persona.s3),
    persona.ui ? 'yes' : '',
  ]),
)}

**Actions** counts the ${mlflowActions.length} of \`sagemaker-mlflow\`. **S3 artifacts** is what the MLflow client does below the
server's artifact prefix with the caller's own credentials; where the prefix is not known it is left out, and the plan
says so. **UI** brings the actions that opening the MLflow web UI takes, beside \`AccessUI\`.

The last three are SageMaker Role Manager's ML activities for MLflow, under their own names.

## Which actions

${listed.length} personas hold actions by name. Of the others, \`use-mlflow\` holds all of them, and the rest none.

${actionGroups.map((group) => groupTable(group, mlflowActions, listed, split)).join('\n\n')}

## Actions beside MLflow's own

These personas also carry actions of other services.

${table(
  ['persona', 'actions'],
  builtInPersonas
    .filter(({ alsoNeeds }) => alsoNeeds.length > 0)
    .map(({ name, alsoNeeds }) => [code(name), alsoNeeds.map(code).join(', ')]),
)}

## Your own

\`\`\`yaml
version: 1
name: ml-platform
personas:
  labeller:
    title: Labels runs
    extends: viewer
    add: [SetTag, DeleteTag]
\`\`\`

\`extends\` takes one persona or several, \`remove\` takes actions away. Where the actions cannot do what they seem to
(\`LogModel\` without \`FinalizeLoggedModel\`, say), \`check\` and \`plan\` name the MLflow functions that will fail and what
to add.
`
}

function groupTable(group, mlflowActions, personas, split) {
  const rows = mlflowActions
    .filter((action) => action.group === group)
    .map(({ bare, description, name }) => {
      const marks = personas.map(({ actions }) => (actions.includes(bare) ? '●' : ''))
      if (!name.endsWith(bare)) throw new Error(`${name} is not ${bare}`)
      return [code(bare), description, ...marks]
    })
  return `### ${group}\n\n${table(['action', 'may', ...personas.map(split)], rows)}`
}

function s3Words({ read, write, list }) {
  const words = [read && 'read', write && 'write', list && 'list'].filter(Boolean)
  return words.join(', ')
}
