import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { type DraftInfo, type Place, type ScreenId, screenIds } from './model.ts'

/** What a draft remembers beside the grants file: where the person was, and ticks that have no grant yet. */
export interface DraftSession {
  readonly screen: ScreenId
  readonly places: Readonly<Record<string, Pick<Place, 'row' | 'top' | 'column' | 'tab'>>>
  readonly ticked: readonly string[]
  readonly members: readonly { readonly arn: string; readonly refs: readonly string[] }[]
  readonly palette: readonly string[]
  readonly defaulted: readonly ScreenId[]
  readonly rowOrder: readonly string[]
  readonly actions?:
    | { readonly principal: string; readonly server: string; readonly open: readonly string[] }
    | undefined
  readonly choice?: string | undefined
  readonly alias?: string | undefined
  readonly account?: string | undefined
  /** The last steps that can be undone, checked when the draft is opened. */
  readonly undo?: unknown
}

const marker = '# mlflow-iam draft: '

/** A folder of drafts. Each draft is a grants file with one comment line on top that says where the person was. */
export interface DraftStore {
  list(): Promise<readonly DraftInfo[]>
  read(name: string): Promise<{ readonly text: string; readonly session: DraftSession | undefined }>
  save(name: string, text: string, session: DraftSession, now: Date): Promise<void>
  /** Moves it aside, where it stays for seven days. */
  discard(name: string, now: Date): Promise<void>
  readonly folder: string
}

/** `$XDG_STATE_HOME/mlflow-iam/drafts`, else under `~/.local/state`. */
export function draftsFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'mlflow-iam', 'drafts')
}

/** Opens the folder; it is made when the first draft is saved. */
export function openDrafts(folder: string): DraftStore {
  const pathOf = (name: string) => join(folder, `${safeName(name)}.yaml`)
  return {
    folder,
    async list() {
      const names = await readdir(folder).catch(() => [])
      const drafts: DraftInfo[] = []
      for (const file of names.filter((name) => name.endsWith('.yaml')).slice(0, 200)) {
        const text = await readFile(join(folder, file), 'utf8').catch(() => '')
        const header = readHeader(text)
        if (!header) continue
        const { session, savedAt } = header
        drafts.push({
          name: file.slice(0, -'.yaml'.length),
          step: session.screen,
          savedAt,
          ...(session.account === undefined ? {} : { account: session.account }),
          ...(session.alias === undefined ? {} : { alias: session.alias }),
        })
      }
      return drafts.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1))
    },
    async read(name) {
      const text = await readFile(pathOf(name), 'utf8').catch((cause) => {
        throw new Problem('DRAFT_NOT_FOUND', `There is no draft "${name}".`, {
          why: `${pathOf(name)} could not be read.`,
          fix: ['mlflow-iam alone lists the drafts there are.'],
          exit: exitCodes.badInput,
          cause,
        })
      })
      return { text, session: readHeader(text)?.session }
    },
    async save(name, text, session, now) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const header = `${marker}${JSON.stringify({ savedAt: now.toISOString(), ...session })}\n`
      await writeAtomically(pathOf(name), header + text)
    },
    async discard(name, now) {
      const bin = join(folder, 'discarded')
      await mkdir(bin, { recursive: true, mode: 0o700 })
      for (const old of await readdir(bin)) {
        const age = now.getTime() - Number(/\.(\d+)\.yaml$/.exec(old)?.[1] ?? now.getTime())
        if (age > 7 * 86_400_000) await rm(join(bin, old), { force: true })
      }
      await rename(pathOf(name), join(bin, `${safeName(name)}.${now.getTime()}.yaml`)).catch(() => undefined)
    },
  }
}

/** Writes the whole file or nothing: a reader, or a resume after kill -9, never sees half of it. */
export async function writeAtomically(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 64)
}

/** The header is input like any other: what does not fit is left out, and a draft without one still opens. */
function readHeader(text: string): { session: DraftSession; savedAt: string } | undefined {
  const first = text.slice(0, text.indexOf('\n'))
  if (!first.startsWith(marker)) return undefined
  try {
    const raw = JSON.parse(first.slice(marker.length)) as Record<string, unknown>
    const screen = screenIds.find((id) => id === raw.screen) ?? 'account'
    const session: DraftSession = {
      screen,
      places: places(raw.places),
      ticked: strings(raw.ticked),
      members: members(raw.members),
      palette: strings(raw.palette),
      defaulted: screenIds.filter((id) => strings(raw.defaulted).includes(id)),
      rowOrder: strings(raw.rowOrder),
      ...(isRecord(raw.actions)
        ? {
            actions: {
              principal: String(raw.actions.principal ?? ''),
              server: String(raw.actions.server ?? ''),
              open: strings(raw.actions.open),
            },
          }
        : {}),
      ...(typeof raw.choice === 'string' ? { choice: raw.choice } : {}),
      ...(typeof raw.alias === 'string' ? { alias: raw.alias } : {}),
      ...(typeof raw.account === 'string' ? { account: raw.account } : {}),
      ...(Array.isArray(raw.undo) ? { undo: raw.undo } : {}),
    }
    return { session, savedAt: typeof raw.savedAt === 'string' ? raw.savedAt : '' }
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}
function members(value: unknown): DraftSession['members'] {
  if (!Array.isArray(value)) return []
  return value.filter(isRecord).map((each) => ({ arn: String(each.arn ?? ''), refs: strings(each.refs) }))
}
function places(value: unknown): DraftSession['places'] {
  if (!isRecord(value)) return {}
  const whole = (number: unknown) => (Number.isInteger(number) && Number(number) >= 0 ? Number(number) : 0)
  return Object.fromEntries(
    Object.entries(value)
      .filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
      .map(([id, at]) => [
        id,
        { row: whole(at.row), top: whole(at.top), column: whole(at.column), tab: whole(at.tab) },
      ]),
  )
}
