/** A Markdown table. Bars inside cells are escaped. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text) => `\`${text}\``

export const generated = (from) =>
  `<!-- Written by scripts/generate-docs.mjs from ${from}; change that, then run it again. -->`
