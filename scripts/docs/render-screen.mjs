// A terminal's screen as SVG: text that can be selected, in whatever monospace font the reader has.
const cell = { width: 8.43, height: 18 }
const pad = { left: 22, top: 46, bottom: 18 }
const colours = {
  window: '#15181e',
  edge: '#2b303a',
  text: '#d5d9e0',
  palette: [
    ['#3b414d', '#f07178', '#a5d079', '#e6c07b', '#6aa9f4', '#c792ea', '#5fc9c8', '#d5d9e0'],
    ['#5c6370', '#ff8b92', '#bde394', '#ffd58a', '#82bbff', '#ddaeff', '#80dedd', '#ffffff'],
  ].flat(),
}
const fonts = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

/** Draws what the terminal shows, in a window with a title. */
export function renderScreen(terminal, title) {
  const { cols, rows } = terminal
  const [width, height] = [
    Math.ceil(cols * cell.width) + 2 * pad.left,
    rows * cell.height + pad.top + pad.bottom,
  ]
  const body = Array.from({ length: rows }, (_, row) =>
    renderRow(terminal.buffer.active.getLine(row), row, cols),
  )
  const dots = ['#f07178', '#e6c07b', '#a5d079'].map(
    (fill, index) => `<circle cx="${22 + index * 20}" cy="20" r="6" fill="${fill}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeText(title)}</title>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="${colours.window}" stroke="${colours.edge}"/>
${dots.join('')}
<g font-family="${fonts}" font-size="14" fill="${colours.text}">
<text x="${width / 2}" y="25" text-anchor="middle" font-size="13" fill-opacity=".6">mlflow-iam</text>
${body.filter(Boolean).join('\n')}
</g>
</svg>
`
}

function renderRow(line, row, cols) {
  const top = pad.top + row * cell.height
  const runs = runsOf(line, cols)
  const place = ({ from, cells }) => [at(from), number(cells * cell.width)]
  const backs = runs.flatMap((run) => {
    const [x, width] = place(run)
    if (!run.style.back) return []
    return [`<rect x="${x}" y="${top}" width="${width}" height="${cell.height}" fill="${run.style.back}"/>`]
  })
  const words = runs.flatMap(({ text, from, style: { colour, bold, dim } }) => {
    // Blanks at its ends would be lost to some viewers, and the width with them.
    const word = text.trim()
    if (word === '') return []
    const [x, width] = place({ from: from + text.indexOf(word), cells: word.length })
    const look = `${colour ? ` fill="${colour}"` : ''}${bold ? ' font-weight="700"' : ''}${dim ? ' fill-opacity=".62"' : ''}`
    return [`<tspan x="${x}" textLength="${width}"${look}>${escapeText(word)}</tspan>`]
  })
  if (words.length === 0) return backs.join('')
  return `${backs.join('')}<text y="${number(top + 13.5)}">${words.join('')}</text>`
}

/** Neighbouring cells of one style; a wide gap ends a run, so that columns stand in any font. */
function runsOf(line, cols) {
  const runs = []
  for (let column = 0; column < cols; column += 1) {
    const at = line?.getCell(column)
    const text = at?.getChars() || ' '
    const style = styleOf(at)
    const last = runs.at(-1)
    const key = JSON.stringify(style)
    const gap = last !== undefined && /(^| ) $/.test(last.text) && text !== ' '
    if (last?.key === key && !gap) Object.assign(last, { text: last.text + text, cells: last.cells + 1 })
    else runs.push({ from: column, cells: 1, text, style, key })
  }
  return runs
}

function styleOf(at) {
  const colourOf = (palette, index) => (palette ? colours.palette[index] : undefined)
  const front = colourOf(at?.isFgPalette(), at?.getFgColor())
  const back = colourOf(at?.isBgPalette(), at?.getBgColor())
  const turned = Boolean(at?.isInverse())
  return {
    colour: turned ? (back ?? colours.window) : front,
    back: turned ? (front ?? colours.text) : back,
    bold: Boolean(at?.isBold()),
    dim: Boolean(at?.isDim()),
  }
}

const at = (column) => number(pad.left + column * cell.width)
const number = (value) => String(Math.round(value * 100) / 100)
const escapeText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
