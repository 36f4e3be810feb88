import { join } from 'node:path'
import type { ExportedFile } from '@mlflow-iam/core/export/exporter'
import { renderCommands } from '@mlflow-iam/core/export/render-commands'
import { documentText } from '@mlflow-iam/core/policy/document'
import { count } from '../ui/text.ts'
import { writeAtomically } from './drafts.ts'
import type { Effect, Message } from './effect.ts'
import { grantsText } from './grants-text.ts'
import { readToday } from './read-today.ts'
import { saveGrants } from './save-grants.ts'
import { writeFiles } from './write-files.ts'

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>
type Writing = EffectOf<
  'export' | 'render-export' | 'save-file' | 'save-plan' | 'save-commands' | 'save-report'
>

interface Desk {
  readonly now: () => Date
  readonly toolVersion: string
  /** The whole path of one that a person named. */
  readonly at: (path: string) => string
  readonly send: (message: Message) => void
  readonly say: (text: string) => void
}

/** Writes the file or folder that a key asks for, or shows what would be in it, and says where it is. */
export async function writeOnRequest(effect: Writing, desk: Desk): Promise<void> {
  const { at, say, send } = desk
  switch (effect.type) {
    case 'export':
      return exportFiles(effect, desk)
    case 'render-export': {
      const { runnerPolicy } = await import('@mlflow-iam/core/export/runner-policy')
      const files = (await render(effect, desk)).map(({ path, text }) => ({
        path,
        bytes: Buffer.byteLength(text),
        head: text.split('\n').slice(0, 3),
      }))
      return send({ type: 'export-rendered', files, runner: documentText(runnerPolicy(effect.plan)) })
    }
    case 'save-file': {
      await saveGrants(at(effect.path), effect.path, effect.edit)
      return say(`Saved ${effect.path}. Plan it any time: mlflow-iam plan -f ${effect.path}`)
    }
    case 'save-plan': {
      const path = `plan-${effect.plan.id}.json`
      await writeAtomically(at(path), `${JSON.stringify(effect.plan, null, 2)}\n`, 0o644)
      return say(`Wrote ${path}. Apply it: mlflow-iam apply ${path}`)
    }
    case 'save-commands': {
      const { plan } = effect
      const dir = `mlflow-iam-${plan.id}`
      const policies = plan.target.policies.map((policy) => ({
        path: `policies/${policy.name}.json`,
        text: `${documentText(policy.document)}\n`,
        executable: false,
      }))
      await writeFiles(at(dir), [
        { path: 'commands.sh', text: `${renderCommands(plan)}\n`, executable: false },
        ...policies,
      ])
      return say(`Wrote ${dir}/commands.sh and ${count(policies.length, 'policy', 'policies')}.`)
    }
    case 'save-report': {
      const { renderShowHtml } = await import('../output/access-html.ts')
      const { snapshot, plan } = effect
      const rows = [...readToday(snapshot, plan.name, desk.now()).values()].flatMap((servers) => [
        ...servers.values(),
      ])
      const path = 'access-review.html'
      await writeAtomically(at(path), renderShowHtml(rows, snapshot, false, plan.name), 0o644)
      return say(`Wrote ${path}: everyone's access as it is now, for review and sign-off.`)
    }
  }
}

async function exportFiles(effect: EffectOf<'export'>, desk: Desk): Promise<void> {
  const { at, send } = desk
  const { dir, edit } = effect
  if (effect.format === 'grants') {
    await saveGrants(join(at(dir), 'grants.yaml'), join(dir, 'grants.yaml'), edit)
    return send({ type: 'exported', dir, paths: ['grants.yaml'] })
  }
  const written = await writeFiles(at(dir), await render(effect, desk))
  send({ type: 'exported', dir, paths: written.map((file) => file.path) })
}

async function render(
  effect: EffectOf<'export' | 'render-export'>,
  { toolVersion }: Desk,
): Promise<readonly ExportedFile[]> {
  if (effect.format === 'grants')
    return [{ path: 'grants.yaml', text: grantsText(effect.edit), executable: false }]
  const { exporters } = await import('@mlflow-iam/core/export/index')
  return exporters[effect.format].render(effect.plan, { json: false, readme: effect.readme, toolVersion })
}
