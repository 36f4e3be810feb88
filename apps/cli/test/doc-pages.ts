import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** One fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `sh run`, `yaml`. */
  readonly info: string
  readonly text: string
  /** Line of the page that holds the block's first line. */
  readonly line: number
}

export interface Page {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

const skipped = new Set(['node_modules', 'dist', 'build', 'test-results', '.git', '.turbo', 'coverage'])

/** Every Markdown page of the repository, the copies that a build leaves beside the program aside. */
export function allPages(): readonly Page[] {
  return markdownBelow(root)
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .filter((path) => path !== 'apps/cli/README.md')
    .sort()
    .map(readPage)
}

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return markdownBelow(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

export function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, blocks: blocksOf(text) }
}

export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { fence: string; info: string; line: number; lines: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(`{3,})(.*)$/.exec(line)
    if (open && fence?.[1] === open.fence && fence[2] === '') {
      blocks.push({ info: open.info, text: open.lines.join('\n'), line: open.line })
      open = undefined
    } else if (open) open.lines.push(line)
    else if (fence)
      open = { fence: fence[1] ?? '', info: (fence[2] ?? '').trim(), line: index + 2, lines: [] }
  }
  if (open) throw new Error(`the fence at line ${open.line - 1} is never closed`)
  return blocks
}

/** What is wrong with a page's links: files that are not there, anchors that no heading makes. */
export function brokenLinks(page: Page, pages: ReadonlyMap<string, Page>, isFile: (path: string) => boolean) {
  return linksOf(page.text).flatMap((link) => {
    if (/^[a-z]+:/.test(link)) {
      return URL.canParse(link) && link.startsWith('https://')
        ? []
        : [`${page.path}: ${link} is no https address`]
    }
    const [target = '', anchor] = link.split('#')
    const path = target === '' ? page.path : normalize(join(dirname(page.path), target)).replaceAll('\\', '/')
    if (!isFile(path)) return [`${page.path}: ${link} leads nowhere`]
    const to = pages.get(path)
    if (anchor === undefined || (to && anchorsOf(to.text).has(anchor))) return []
    return [`${page.path}: ${link} names no heading`]
  })
}

/** Targets of links and pictures, outside code. */
function linksOf(text: string): readonly string[] {
  const prose = withoutBlocks(text).replace(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(
    (match) => match[1] ?? '',
  )
  const html = [...prose.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  return [...inline, ...html]
}

function withoutBlocks(text: string): string {
  return text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '')
}

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) => {
    const plain = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return new Set(anchors)
}
