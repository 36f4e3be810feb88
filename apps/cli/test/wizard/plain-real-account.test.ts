import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { drive, keys } from './drive.ts'
import { draftText, plain } from './plain-drive.ts'

const { enter, tab, space, esc } = keys
const shared = 'arn:aws:sagemaker:eu-west-1:210987654321:mlflow-tracking-server/shared'
const via = 'arn:aws:iam::210987654321:role/mlflow-access'

test('split, activities, forms, Apps, other accounts and adoption: both modes ask the same and write the same file', async () => {
  const sandbox = createSandbox()
  const wizard = await drive({ sandbox })
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter)
  await wizard.see('Which tracking servers?')
  wizard.press('jjj', space, enter, 'c', enter, '+', `${shared} ${via}`, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(tab, tab, tab, '/', 'ana-silva', enter, 's', enter, '/', keys.ctrlU, 'chen-wei', enter, space)
  wizard.press(tab, '/', 'MLScientist', enter, space, 'f', enter)
  wizard.press(tab, 'm', enter, '>')
  await wizard.see('4 rows')
  wizard.press('/', 'chen-wei', enter)
  await wizard.see('elsewhere')
  wizard.press('t')
  await wizard.see('Take LegacyMLAccess over?')
  wizard.press(enter, esc)
  await wizard.settled()
  const answers = [
    '1',
    '',
    '',
    '',
    'ml-dev ml-prod ml-staging genai',
    'yes',
    'back',
    '',
    '',
    '',
    'form genai',
    'yes',
    `add ${shared} ${via}`,
    '',
    '',
    'source profiles',
    'split ana-silva',
    'yes',
    'chen-wei',
    'source permission-sets',
    'MLScientist',
    'form MLScientist',
    'yes',
    'source domains',
    'activities ml-studio',
    'yes',
    'done',
    'adopt chen-exec',
    'yes',
    'back',
    'quit',
  ]
  const other = await plain(answers, sandbox)
  expect(other.left).toEqual([])
  expect(await draftText(other.folder)).toBe(await draftText(wizard.folder))
  expect(await draftText(other.folder)).toContain('adopt: LegacyMLAccess')
})

test('plain mode changes nothing that was asked about without a yes, and undoes step by step', async () => {
  const run = await plain([
    '1',
    '',
    '',
    '',
    'ml-dev genai',
    'no',
    '',
    'source profiles',
    'split ana-silva',
    '',
    'split ana-silva',
    'yes',
    'split chen-wei',
    'form chen-wei',
    'undo',
    'redo',
    'show',
    'done',
    'adopt nobody',
    'quit',
  ])
  expect(run.left).toEqual([])
  expect(run.said).toContain('A viewer on genai can delete')
  expect(run.said).toMatch(/create role mlflow-iam-ana-silva-[0-9a-f]{8}, trusting whom ds-shared trusts/)
  expect(run.said.match(/Left as it is\./g)).toHaveLength(2)
  expect(run.said).toContain('chen-wei has role chen-exec to itself already.')
  expect(run.said).toContain('Only permission sets have a form')
  expect(run.said).toContain('Undid: a role of its own for ana-silva.')
  const text = await draftText(run.folder)
  expect(text).not.toContain('genai')
  expect(text).toContain('split:\n  profile/d-abc123/ana-silva: {}')
})
