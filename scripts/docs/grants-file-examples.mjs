/** For each key of the grants file: an example of its value, and what leaving it out means where that is not "none". */
export const grantsFileExamples = {
  version: ['1'],
  name: ['ml-platform'],
  account: ['"123456789012"', 'the account that you are signed in to'],
  partition: ['aws-us-gov', '`aws`'],
  region: ['eu-west-1', 'the Region of your AWS settings'],
  servers: ['{ ml-prod: {} }'],
  roles: ['{ tracking-server: { name: mlflow-tracking-server } }'],
  personas: ['{ labeller: { extends: viewer, add: [SetTag] } }'],
  grants: ['[{ to: user/ana, persona: viewer }]'],

  'servers.KEY.region': ['us-east-1', "the file's `region`"],
  'servers.KEY.artifacts': ['s3://ml-dev-mlflow/experiments', 'what the server says'],
  'servers.KEY.kms': ['[arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab]'],
  'servers.KEY.planned': ['true', '`false`'],
  'servers.KEY.arn': [
    'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/shared',
    'the server that the key names',
  ],
  'servers.KEY.tag': ['{ env: staging }'],
  'servers.KEY.all': ['true'],
  'servers.KEY.app': ['arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123'],
  'servers.KEY.access': ['full'],

  'roles.tracking-server.name': ['mlflow-tracking-server'],
  'roles.tracking-server.policy': ['documented', '`narrow`'],
  'roles.tracking-server.existing': ['true', '`false`'],
  'roles.tracking-server.trust': ['{ sourceAccount: true }'],
  'roles.tracking-server.buckets': ['[ml-prod-mlflow]'],
  'roles.tracking-server.kms': [
    '[arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab]',
  ],
  'roles.tracking-server.registry': ['true', '`false`'],

  'roles.sagemaker.name': ['mlflow-sagemaker'],
  'roles.sagemaker.policy': ['documented', '`narrow`'],
  'roles.sagemaker.existing': ['true', '`false`'],
  'roles.sagemaker.trust': ['{ sourceAccount: true }'],
  'roles.sagemaker.passes': ['[mlflow-tracking-server]'],

  'roles.….trust.sourceAccount': ['true', '`false`'],

  'personas.NAME.extends': ['[viewer, trace-writer]'],
  'personas.NAME.add': ['[SetTag, DeleteTag]'],
  'personas.NAME.remove': ['[SearchTraces]'],
  'personas.NAME.title': ['Labels runs', 'its name'],

  'grants[].to': ['[user/ana, group/ml-reviewers]'],
  'grants[].persona': ['data-scientist', 'the actions under `add` alone'],
  'grants[].on': ['[ml-dev, ml-prod]', 'every server listed'],
  'grants[].add': ['[DeleteRun]'],
  'grants[].remove': ['[DeleteTag]'],
  'grants[].until': ['2030-03-31', 'for good'],
  'grants[].when': ['{ mfa: true }', 'always'],
  'grants[].policy-name': ['MLflowPolicy', 'a name made from the grant'],

  'grants[].when.mfa': ['true', '`false`'],
  'grants[].when.ip': ['[203.0.113.0/24]'],
  'grants[].when.vpce': ['[vpce-0a1b2c3d4e5f67890]'],
  'grants[].when.vpc': ['[vpc-0a1b2c3d4e5f67890]'],
  'grants[].when.session-tags': ['{ team: ml }'],
}
