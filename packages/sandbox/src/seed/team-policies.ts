import type { AccountState } from '../account/state.ts'
import { addPolicy, allow, policyOf } from './add.ts'
import { account, region, serverArn } from './team-facts.ts'

const mlflow = (names: string) => names.split(/\s+/).map((name) => `sagemaker-mlflow:${name}`)

/** Hand-made policies of earlier years: the access "from elsewhere" that a setup finds and must leave alone. */
export function addForeignPolicies(state: AccountState) {
  const servers = ['ml-dev', 'ml-staging', 'ml-prod'].map(serverArn)
  return {
    /** Twelve actions on ml-prod. */
    legacyAccess: addPolicy(state, 'LegacyMLAccess', [
      policyOf(
        allow(
          mlflow(`CreateRun UpdateRun LogMetric LogParam LogBatch LogInputs SetTag DeleteTag
          SetExperimentTag CreateExperiment UpdateExperiment DeleteRun`),
          serverArn('ml-prod'),
          { Sid: 'LegacyMLAccess' },
        ),
      ),
    ]),
    /** What reading needs, on all three servers. */
    teamRead: addPolicy(
      state,
      'TeamMLflowRead',
      [
        policyOf(allow(mlflow('Get* Search* List*'), servers)),
        policyOf(
          allow(
            mlflow(`GetExperiment GetExperimentByName SearchExperiments GetRun SearchRuns GetMetricHistory
            ListArtifacts GetRegisteredModel SearchRegisteredModels GetModelVersion SearchModelVersions
            GetLatestModelVersions GetModelVersionByAlias GetDownloadURIForModelVersionArtifacts GetLoggedModel
            SearchLoggedModels ListLoggedModelArtifacts GetTraceInfo SearchTraces`),
            servers,
            { Sid: 'Read' },
          ),
          allow('sagemaker-mlflow:AccessUI', '*', { Sid: 'Ui' }),
        ),
      ],
      { description: 'Read MLflow from notebooks' },
    ),
    /** Everything but the registry's deletions, on ml-dev, by a Deny. */
    oldPipeline: addPolicy(state, 'OldPipelineMlflow', [
      policyOf(allow('sagemaker-mlflow:*', serverArn('ml-dev')), {
        Effect: 'Deny',
        Action: mlflow('DeleteRegisteredModel DeleteModelVersion'),
        Resource: '*',
      }),
    ]),
    /** Legal, though it does not look it: one statement, no list, mixed case, odd order and spacing. */
    oddOne: addPolicy(state, 'handmade+2021@lab', [
      `{"Statement":{"Resource":"arn:aws:sagemaker:${region}:${account}:mlflow-tracking-server/ml-?ev",\n\t"Action" : "SageMaker-MLflow:get*"   , "Effect":"Allow","Sid":""},\r\n"Version":"2012-10-17"}`,
    ]),
    studioBase: addPolicy(
      state,
      'StudioBase',
      [
        policyOf(
          allow(
            [
              'sagemaker:DescribeDomain',
              'sagemaker:DescribeUserProfile',
              'sagemaker:CreatePresignedDomainUrl',
            ],
            '*',
            { Sid: 'Studio' },
          ),
          allow(
            ['logs:CreateLogStream', 'logs:PutLogEvents'],
            `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*`,
          ),
        ),
      ],
      { path: '/studio/' },
    ),
    labs: ['LabGlue', 'LabAthena', 'LabEcr', 'LabFeatures', 'LabSecrets'].map((name, index) =>
      addPolicy(state, name, [
        policyOf(
          allow(
            [
              ['glue:Get*'],
              ['athena:*'],
              ['ecr:Get*', 'ecr:BatchGetImage'],
              ['sagemaker:*FeatureGroup*'],
              ['secretsmanager:GetSecretValue'],
            ][index] ?? [],
            '*',
          ),
        ),
      ]),
    ),
  }
}
