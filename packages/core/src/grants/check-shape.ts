import type { Complaint } from './complaint.ts'
import type { PlainValue } from './plain-value.ts'
import type { PlacedComplaint } from './positions.ts'
import type { Shape } from './shape.ts'
import {
  type Expected,
  emptyList,
  missingKey,
  unknownKey,
  wrongType,
  wrongValue,
} from './shape-complaints.ts'

type Path = readonly (string | number)[]

/** Holds a value against its shape and complains about every difference, each at its place. */
export function checkShape(shape: Shape, plain: PlainValue): readonly PlacedComplaint[] {
  const check = new Check(plain)
  check.judge(shape, plain.value, [])
  return check.complaints
}

class Check {
  readonly complaints: PlacedComplaint[] = []
  private readonly plain: PlainValue

  constructor(plain: PlainValue) {
    this.plain = plain
  }

  judge({ form }: Shape, value: unknown, path: Path): void {
    switch (form.kind) {
      case 'empty-or':
        if (value !== null) this.judge(form.shape, value, path)
        break
      case 'text':
        if (typeof value === 'string') this.say(path, form.rule.complain(value))
        else this.expected('string', value, path)
        break
      case 'flag':
        if (typeof value !== 'boolean') this.expected('boolean', value, path)
        break
      case 'exactly':
        if (value !== form.value) this.say(path, wrongValue(value, form.value, this.plain.find(path).source))
        break
      case 'list':
        if (Array.isArray(value)) this.judgeItems(form.item, form.atLeast, value, path)
        else if (form.oneWill) this.judge(form.item, value, path)
        else this.expected('array', value, path)
        break
      case 'closed':
        if (isMapping(value)) this.judgeKeys(form.keys, value, path)
        else this.expected('mapping', value, path)
        break
      case 'map':
        if (isMapping(value)) this.judgeEntries(form.key, form.value, value, path)
        else this.expected('mapping', value, path)
    }
  }

  private judgeEntries(key: Shape, shape: Shape, value: Readonly<Record<string, unknown>>, path: Path): void {
    for (const [name, item] of Object.entries(value)) {
      const inner = [...path, name]
      if (key.form.kind === 'text') this.say(inner, key.form.rule.complain(name), 'key')
      this.judge(shape, item, inner)
    }
  }

  private judgeItems(item: Shape, atLeast: number, values: readonly unknown[], path: Path): void {
    if (values.length < atLeast) this.say(path, emptyList)
    values.forEach((value, index) => {
      this.judge(item, value, [...path, index])
    })
  }

  private judgeKeys(keys: ClosedKeys, value: Readonly<Record<string, unknown>>, path: Path): void {
    for (const [key, shape] of Object.entries(keys)) {
      const isOptional = 'optional' in shape
      if (Object.hasOwn(value, key))
        this.judge(isOptional ? shape.optional : shape, value[key], [...path, key])
      else if (!isOptional) this.say([...path, key], missingKey([...path, key]))
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(keys, key)) this.say([...path, key], unknownKey(key, Object.keys(keys)), 'key')
    }
  }

  private expected(expected: Expected, value: unknown, path: Path): void {
    this.say(path, wrongType(value, expected, this.plain.find(path).source))
  }

  private say(path: Path, complaint: Complaint | undefined, at: 'key' | 'value' = 'value'): void {
    if (complaint)
      this.complaints.push({ path: path.join('.'), offset: this.plain.find(path)[at], ...complaint })
  }
}

type ClosedKeys = Extract<Shape['form'], { kind: 'closed' }>['keys']

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
