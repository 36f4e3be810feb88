import { Problem } from '@mlflow-iam/core/problem'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flags, globalFlags } from './flags.ts'
import { commands } from './index.ts'
import { parseArguments } from './parse-arguments.ts'

test('a command line becomes a command, its arguments and its flags', () => {
  const parsed = parseArguments(['--sandbox', 'plan', '-f', 'a.yaml', '-vv', '--show=diff'])
  expect(parsed.command?.name).toBe('plan')
  expect(parsed.flags).toMatchObject({ sandbox: true, file: 'a.yaml', verbose: [true, true], show: 'diff' })
})

test('whatever is typed is either understood or refused with exit 3', () => {
  const words = fc.oneof(
    fc.constantFrom(...commands.map(({ name }) => name), ...Object.keys(flags).map((name) => `--${name}`)),
    fc.constantFrom(
      '-f',
      '-o',
      '-',
      '--',
      '--no-color',
      '--file=',
      '-vvv',
      '-Vh',
      '--=x',
      '__proto__',
      '--__proto__',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), (argv) => {
      try {
        parseArguments(argv)
      } catch (error) {
        expect(error).toBeInstanceOf(Problem)
        expect(error).toMatchObject({ code: 'USAGE', exit: 3 })
      }
    }),
    { numRuns: 2000 },
  )
})

test('every command takes the flags that all take, and each of its own stands in the table of flags', () => {
  for (const { name, flags: own } of commands) {
    for (const flag of globalFlags) {
      const value = flags[flag].type === 'string' ? ('choices' in flags[flag] ? ['auto'] : ['x']) : []
      expect(parseArguments([name, `--${flag}`, ...value]).command?.name).toBe(name)
    }
    expect(Object.keys(own).filter((flag) => !Object.hasOwn(flags, flag))).toEqual([])
  }
})

test('no two flags share a letter', () => {
  const letters = Object.values(flags).flatMap((flag) => ('short' in flag ? [flag.short] : []))
  expect(new Set(letters).size).toBe(letters.length)
})
