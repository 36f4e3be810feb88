import { join } from 'node:path'
import { root, row, run } from './measure.mjs'

/** What npm would publish, and how long a first run from the tarball takes. */
export async function benchPackage(folder) {
  const app = join(root, 'apps/cli')
  const { out } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: app,
  })
  const [packed] = JSON.parse(out)
  const tarball = join(folder, packed.filename)
  const env = { npm_config_cache: join(folder, 'npm-cache'), npm_config_update_notifier: 'false' }
  const cold = await run('npx', ['--yes', '--offline', '--package', tarball, 'mlflow-iam', '--version'], {
    cwd: folder,
    env,
  })
  return [
    row('package, unpacked', packed.unpackedSize / 1e6, 'MB', 1.5),
    row('package, packed', packed.size / 1e6, 'MB'),
    row('files', packed.files.length, 'files'),
    row('npx from an empty cache', cold.milliseconds / 1000, 's', 3),
  ]
}
