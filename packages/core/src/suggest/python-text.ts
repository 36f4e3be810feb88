import { childrenOf, type Site, textOf } from './python-module.ts'
import type { Resolver, Value } from './python-value.ts'

/** The text that a literal, f-string, `+`, `%` or `.format()` gives, NUL for what is not known; none for the rest. */
export function textValue(site: Site, resolver: Resolver): readonly Value[] | undefined {
  const text = readText(site, resolver)
  return text === undefined ? undefined : [{ kind: 'text', text: text.slice(0, 2000) }]
}

function readText(site: Site, resolver: Resolver): string | undefined {
  const { node } = site
  switch (node.name) {
    case 'String':
      return unquote(textOf(site))
    case 'ContinuedString':
      return childrenOf(node)
        .map((child) => readText({ ...site, node: child }, resolver) ?? '\0')
        .join('')
    case 'FormatString':
      return readFormatString(site, resolver)
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node)
      const sign = operator && textOf(site, operator)
      if (!left || !right || (sign !== '+' && sign !== '%')) return undefined
      const start = textOrHole({ ...site, node: left }, resolver)
      if (sign === '%') return start?.replace(/%[\w.]*[sdr]/g, '\0')
      const end = textOrHole({ ...site, node: right }, resolver)
      return start === undefined && end === undefined ? undefined : `${start ?? '\0'}${end ?? '\0'}`
    }
    case 'CallExpression': {
      const called = node.firstChild
      if (called?.name !== 'MemberExpression' || !textOf(site, called).endsWith('.format')) return undefined
      const pattern = called.firstChild && textOrHole({ ...site, node: called.firstChild }, resolver)
      return pattern?.replace(/\{[^{}]*\}/g, '\0')
    }
    default:
      return undefined
  }
}

function readFormatString(site: Site, resolver: Resolver): string {
  const source = textOf(site)
  let text = ''
  let at = site.node.from
  for (const part of childrenOf(site.node)) {
    text += source.slice(at - site.node.from, part.from - site.node.from)
    const value = part.firstChild?.nextSibling
    text +=
      (value && textOrHole({ ...site, node: value }, resolver)) ?? holeOf(value ? textOf(site, value) : '')
    at = part.to
  }
  return unquote(text + source.slice(at - site.node.from))
}

/** What is not known is NUL; ids of logged models are known to begin with `m-`. */
function holeOf(expression: string): string {
  return /\bmodel_id$/.test(expression) ? 'm-\0' : '\0'
}

/** The one text that an expression can be. */
function textOrHole(site: Site, resolver: Resolver): string | undefined {
  const values = resolver.valuesOf(site)
  const [first] = values
  return values.length === 1 && first?.kind === 'text' ? first.text : undefined
}

function unquote(literal: string): string {
  return literal.replace(/^[a-zA-Z]*('''|"""|'|")/, '').replace(/('''|"""|'|")$/, '')
}
