type Env = Readonly<Record<string, string | undefined>>

/**
 * What to type to run this program again where it was started: `npm start` and `npx` put nothing on the PATH.
 * npm tells a script its package and its name; npx runs what it finds, or has fetched, in a folder of its own.
 */
export function programWords(env: Env = process.env, started = process.argv[1] ?? ''): string {
  if (/[\\/](_npx[\\/]|node_modules[\\/]\.bin[\\/])/.test(started)) return 'npx mlflow-iam'
  const { npm_package_name: of, npm_lifecycle_event: script = '' } = env
  const fromRoot = of === 'mlflow-iam-workspace' && ['start', 'mlflow-iam'].includes(script)
  return fromRoot ? 'npm run --silent mlflow-iam --' : 'mlflow-iam'
}

/** A line that says to run the program, such as `Undo: mlflow-iam rollback J`, as it can be pasted here. */
export function asTyped(line: string, words = programWords()): string {
  return line.replaceAll(/(^|: )mlflow-iam (?=-?-?[a-z])/gm, (_, before: string) => `${before}${words} `)
}
