/** The ways to name servers other than by key; a server takes one of them. */
export const serverKinds = ['arn', 'tag', 'all', 'app'] as const
export type ServerKind = (typeof serverKinds)[number]

const appOnly = 'Only an MLflow App has access.'
const noPlugin = 'Only a server named by its ARN can lie in another account.'
const apps = "Only an MLflow App has a compatible form; a tracking server's actions are its own."
const inArn = 'The ARN names the Region already.'

/** Keys that say nothing, or something else, beside a server's kind; and why. */
export const misfits: Readonly<Record<ServerKind, Readonly<Record<string, string>>>> = {
  arn: { region: inArn, access: appOnly, compatible: apps },
  tag: {
    planned: 'A tag means the servers that have it, now and later.',
    access: appOnly,
    via: noPlugin,
    compatible: apps,
  },
  all: {
    planned: 'It means the servers that are there, now and later.',
    access: appOnly,
    via: noPlugin,
    compatible: apps,
  },
  app: {
    region: inArn,
    planned: "The id in an App's ARN is only known once the App exists.",
    via: 'Only a tracking server is reached through a role of its account here.',
  },
}

/** Every pair of keys that cannot stand together in one server. */
export function excludedPairs(): readonly (readonly [string, string])[] {
  return serverKinds.flatMap((kind, index) => [
    ...serverKinds.slice(index + 1).map((other) => [kind, other] as const),
    ...Object.keys(misfits[kind]).map((key) => [kind, key] as const),
  ])
}
