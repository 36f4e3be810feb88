import type { Model } from './model.ts'

/** Where `W` saves at first: the file that was opened, else `grants.yaml`. */
export function grantsFileName(model: Model): string {
  return model.file ?? 'grants.yaml'
}
