/** Names and places that the parts of the seeded team share. */
export const region = 'eu-west-1'
export const account = '123456789012'
export const domainId = 'd-abc123'

export const serverArn = (name: string) =>
  `arn:aws:sagemaker:${region}:${account}:mlflow-tracking-server/${name}`
export const roleArn = (name: string, path = '/') => `arn:aws:iam::${account}:role${path}${name}`
export const awsPolicy = (name: string, path = '/') => `arn:aws:iam::aws:policy${path}${name}`

export const defaultRoleName = 'AmazonSageMaker-ExecutionRole-20250114T101522'
export const defaultRoleArn = roleArn(defaultRoleName, '/service-role/')

/** Profiles that share a role, by the role's name. */
export const sharedRoles: Readonly<Record<string, readonly string[]>> = {
  'ds-shared': [
    'ana-silva',
    'ben-okafor',
    'dara-kim',
    'gita-rao',
    'henrik-lund',
    'ines-costa',
    'jonas-weber',
    'kofi-mensah',
    'lena-fischer',
    'marco-rossi',
    'nadia-haddad',
    'oskar-nowak',
    'priya-nair',
    'quentin-roy',
  ],
  'vision-shared': ['sara-lindqvist', 'tomas-novak', 'uma-patel', 'viktor-petrov', 'wanda-kowalska'],
  'nlp-shared': ['xenia-marin', 'yusuf-demir', 'zoe-martin'],
}

/** Profiles with a role of their own, which is named after them. */
export const ownRoles: readonly string[] = [
  'chen-wei',
  'rosa-marti',
  'farid-nasser',
  'greta-holm',
  'hana-ito',
  'ivan-popov',
  ...`aaron-blum bianca-ferri carlos-vega dorota-zajac emil-berg fatima-zahra gustav-ek hugo-lambert ilse-braun
  joao-pinto kara-quinn liam-walsh mina-park noor-ali olga-sokol pablo-ruiz rania-saad stefan-maier tara-singh
  ulrik-dahl vera-orlova wes-tanner yara-costa zane-ortiz adele-moreau bram-visser celia-fonseca dmitri-volkov
  erin-doyle felix-krause`.split(/\s+/),
]

/** The role of a profile that has its own: `chen-exec`. */
export const ownRoleOf = (profile: string) => `${profile.split('-')[0]}-exec`

/** Everyone else: they inherit the domain's default execution role. */
export const inheriting: readonly string[] = [
  'ana',
  'ben',
  'elif-demir',
  ...`agnes bjorn clara david esther fabian grace hector irene jakob karin leon maria nils olivia peter rita simon
  thea ugo`
    .split(/\s+/)
    .flatMap((first, index) =>
      ['jansen', 'keller', 'larsen', 'meyer'].slice(0, index < 10 ? 4 : 3).map((last) => `${first}-${last}`),
    ),
]
