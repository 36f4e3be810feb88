import { Document, isScalar, isSeq, Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { exitCodes, Problem } from '../../problem.ts'
import type { Template } from './template.ts'

/** What CloudFormation takes from a bucket; larger ones it refuses. */
const bodyLimit = 1_000_000

/** The template as JSON, or as YAML with CloudFormation's short forms (`!Ref`, `!Sub`). */
export function printTemplate(
  template: Template,
  { json, comment }: { json: boolean; comment: string },
): string {
  const text = json ? `${JSON.stringify(template, null, 2)}\n` : yamlText(template, comment)
  if (text.length > bodyLimit) throw tooLong(text.length)
  return text
}

function yamlText(template: Template, comment: string): string {
  // YAML 1.1 is what CloudFormation reads: dates, `on`, octal numbers and the like get quotes.
  const document = new Document(undefined, { version: '1.1' })
  document.contents = document.createNode(template, {
    aliasDuplicateObjects: false,
  }) as never
  visit(document, { Map: (_, map) => shortForm(map) })
  document.commentBefore = comment
  return document.toString({ lineWidth: 0, directives: false })
}

/** `!Ref Name` for `{ Ref: Name }`, and so on; nothing for other maps. */
function shortForm(map: YAMLMap): Scalar | YAMLSeq | undefined {
  const [pair] = map.items
  const name = isScalar(pair?.key) ? String(pair.key.value) : ''
  if (map.items.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined
  const { value } = pair as { value: unknown }
  const short =
    isSeq(value) && name === 'Fn::GetAtt'
      ? new Scalar(value.items.map((item) => (isScalar(item) ? item.value : '')).join('.'))
      : isScalar(value)
        ? new Scalar(value.value)
        : value
  if (!(short instanceof Scalar) && !isSeq(short)) return undefined
  short.tag = `!${name.replace('Fn::', '')}`
  if (isSeq(short)) short.flow = name === 'Fn::Equals' || name === 'Fn::Split'
  return short as Scalar | YAMLSeq
}

function tooLong(found: number): Problem {
  return new Problem('TEMPLATE_TOO_LARGE', `The template would have ${found} characters.`, {
    why: `CloudFormation takes ${bodyLimit} bytes at most.`,
    fix: [
      'Split the grants file into several, each with a name of its own, or export as shell or terraform.',
    ],
    exit: exitCodes.badInput,
  })
}
