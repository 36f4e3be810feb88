import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyAction } from '../../../test/plans/every-action.ts'
import { planArbitrary } from '../../../test/plans/generate-plan.ts'
import { makePlan } from '../../../test/plans/make-plan.ts'
import { readPowerShell, type Token } from '../../../test/tools/read-powershell.ts'
import type { Plan } from '../../plan/plan.ts'
import { awsArguments } from '../aws-arguments.ts'
import { quoteForPowerShell } from './quote.ts'
import { renderApplyPs1, renderRollbackPs1 } from './render-scripts.ts'

/** The words of each `Send-Aws @( … )`, with `$document` filled in by the assignment before it. */
function callsIn(script: string): readonly (readonly string[])[] {
  const tokens = readPowerShell(script)
  const calls: string[][] = []
  let document = ''
  for (let at = 0; at < tokens.length; at += 1) {
    if (isCode(tokens[at], '$document') && isCode(tokens[at + 1], '=')) document = tokens[at + 2]?.text ?? ''
    if (!isCode(tokens[at], 'Send-Aws') || !isCode(tokens[at + 1], '@(')) continue
    const words: string[] = []
    for (at += 2; !isCode(tokens[at], ')'); at += 1) {
      const token = tokens[at]
      if (token === undefined) throw new Error('a call does not end')
      if (token.kind === 'string') words.push(token.text)
      else if (token.text === '$document') words.push(document)
      else if (token.text !== ',') throw new Error(`unexpected ${token.text}`)
    }
    calls.push(words)
  }
  return calls
}

function isCode(token: Token | undefined, text: string): boolean {
  return token?.kind === 'code' && token.text === text
}

function wordsOf(plan: Plan): readonly (readonly string[])[] {
  return plan.operations.map((operation) => {
    const { service, command, options } = awsArguments(operation)
    const words = options.flatMap(({ flag, words }) => {
      const [only] = words
      return typeof only === 'string' && only.startsWith('-') ? [`${flag}=${only}`] : [flag, ...words]
    })
    return [service, command, ...words.map(String)]
  })
}

test('read by the rules of PowerShell, the script holds exactly the calls and documents of the plan', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      expect(callsIn(renderApplyPs1(plan, '0.0.0'))).toEqual(wordsOf(plan))
      readPowerShell(renderRollbackPs1(plan, '0.0.0'))
    }),
    { numRuns: 80 },
  )
})

test('every action has its step and its way back, with every bracket closed', () => {
  const apply = renderApplyPs1(everyAction, '0.0.0')
  expect(apply.match(/^function Invoke-Step\d+ \{$/gm)).toHaveLength(everyAction.operations.length)
  for (const script of [apply, renderRollbackPs1(everyAction, '0.0.0')]) {
    const called = script.match(
      /\b(?:Test|Add|Wait|Send|Read|Stop|Skip|Start|ConvertTo|Find|Invoke|Show|Assert)-[A-Z]\w+/g,
    )
    const defined = new Set(script.match(/(?<=^function )[\w-]+/gm))
    const theirs = new Set(['Start-Sleep'])
    expect([...new Set(called)].filter((name) => !defined.has(name) && !theirs.has(name))).toEqual([])
    readPowerShell(script)
  }
})

test('a string is read back as it was, quotes of every kind included', () => {
  const awkward = fc.string({
    unit: fc.constantFrom(...'a\'"`$\u2018\u2019\u201c\u201d{}()@#\n\t\u0007\u202e\u00e9'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(awkward, (text) => {
      expect(readPowerShell(`$x = ${quoteForPowerShell(text)}`)[2]).toEqual({ kind: 'string', text })
    }),
  )
})

test('a reason cannot leave its comment', () => {
  const because = 'x\nRemove-Item -Recurse /\r\u2028#>'
  const plan = makePlan([
    { request: { action: 'DeleteRole', input: { RoleName: 'a' } }, inverse: [], because },
  ])
  expect(callsIn(renderApplyPs1(plan, '0\n1'))).toEqual([['iam', 'delete-role', '--role-name', 'a']])
  expect(renderApplyPs1(plan, '0.0.0')).not.toMatch(/^Remove-Item/m)
})

// The scripts themselves are run where PowerShell is; where it is not, only the checks above speak for them.
const hasPwsh = spawnSync('pwsh', ['--version'], { stdio: 'ignore' }).status === 0
if (!hasPwsh) process.stderr.write('skipped: pwsh not found; the PowerShell scripts were read, not run\n')
test.skipIf(!hasPwsh)(
  'PowerShell itself parses both scripts',
  () => {
    for (const script of [renderApplyPs1(everyAction, '0.0.0'), renderRollbackPs1(everyAction, '0.0.0')]) {
      const command =
        '$errors = $null; [void][Management.Automation.Language.Parser]::ParseInput([Console]::In.ReadToEnd(), [ref]$null, [ref]$errors); $errors.Count'
      const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', command], {
        input: script,
        encoding: 'utf8',
      })
      expect(stdout.trim()).toBe('0')
    }
  },
  60_000,
)
