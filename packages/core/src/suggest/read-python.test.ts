import { expect, test } from 'vitest'
import { builtInPersonas } from '../personas/built-in.ts'
import { readPython } from './read-python.ts'
import { suggestGrants } from './suggest-grants.ts'

/** Name, source, actions it needs, S3 words, and a piece of each undecided line. */
type Case = readonly [
  name: string,
  source: string,
  actions: string,
  s3: string,
  undecided?: readonly RegExp[],
]

const run = 'CreateRun GetRun UpdateRun'
const model = 'FinalizeLoggedModel GetLoggedModel GetMetricHistory GetRun LogBatch LogModel LogOutputs'
const register = 'CreateModelVersion CreateRegisteredModel SetLoggedModelTags'
const training = `${run} FinalizeLoggedModel GetLoggedModel LogBatch LogInputs LogModel LogOutputs`
const tracing = 'EndTrace SetTraceTag StartTrace'
const experiment = 'CreateExperiment GetExperiment GetExperimentByName'

const cases: readonly Case[] = [
  [
    'a plain training script',
    `
import mlflow
mlflow.set_tracking_uri("arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev")
mlflow.set_experiment("churn")
with mlflow.start_run(run_name="first"):
    mlflow.log_params({"depth": 3})
    for step in range(10):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
`,
    `${experiment} ${run} LogBatch LogMetric`,
    '',
  ],
  ['an alias for the module', 'import mlflow as m\nm.search_runs()\n', 'SearchRuns', ''],
  ['an imported function', 'from mlflow import log_param\nlog_param("a", 1, run_id=r)\n', 'LogParam', ''],
  [
    'an imported function under another name',
    'from mlflow import search_runs as find\nfind()\n',
    'SearchRuns',
    '',
  ],
  [
    'several imports in brackets',
    'from mlflow import (\n  search_runs,\n  get_run as g,\n)\ng("x")\n',
    'GetRun',
    '',
  ],
  [
    'a submodule import',
    'import mlflow.sklearn\nwith mlflow.start_run():\n  mlflow.sklearn.log_model(m, "model")\n',
    `${run} ${model}`,
    'write',
  ],
  [
    'a flavor by itself',
    'from mlflow import xgboost\nimport mlflow\nmlflow.start_run()\nxgboost.log_model(m, name="m")\n',
    `${run} ${model}`,
    'write',
  ],
  [
    'a flavor function by itself',
    'from mlflow.lightgbm import log_model as save, autolog\nautolog()\n',
    training,
    'write',
  ],
  [
    'a model that is registered',
    'import mlflow\nwith mlflow.start_run():\n  mlflow.sklearn.log_model(m, "m", registered_model_name="churn")\n',
    `${run} ${model} ${register}`,
    'write',
  ],
  [
    'a model that is not registered after all',
    'import mlflow\nwith mlflow.start_run():\n  mlflow.sklearn.log_model(m, "m", registered_model_name=None)\n',
    `${run} ${model}`,
    'write',
  ],
  [
    'a model with an input example',
    'import mlflow\nwith mlflow.start_run():\n  mlflow.pyfunc.log_model("m", python_model=p, input_example=x)\n',
    `${run} ${model}`,
    'read write list',
  ],
  ['a star import', 'from mlflow import *\nset_experiment("x")\nprint("done")\n', experiment, ''],
  [
    'a star import of the client',
    'from mlflow.tracking import *\nMlflowClient().get_run("r")\n',
    'GetRun',
    '',
  ],
  [
    'the client',
    'from mlflow.tracking import MlflowClient\nclient = MlflowClient()\nclient.log_metric(r, "a", 1)\n',
    'LogMetric',
    '',
  ],
  ['the client, chained', 'import mlflow\nmlflow.MlflowClient().set_terminated(r)\n', 'GetRun UpdateRun', ''],
  [
    'the client under another name',
    'from mlflow.client import MlflowClient as Tracker\nt = Tracker(tracking_uri=u)\nt.delete_run(r)\n',
    'DeleteRun',
    '',
  ],
  [
    'the client in an attribute',
    'import mlflow\nclass Job:\n  def __init__(self):\n    self.api = mlflow.MlflowClient()\n  def go(self):\n    self.api.set_tag(r, "k", "v")\n',
    'SetTag',
    '',
  ],
  [
    'the client through a function',
    'from mlflow import MlflowClient\ndef api():\n  return MlflowClient()\napi().restore_run(r)\n',
    'RestoreRun',
    '',
  ],
  [
    'the client through a property',
    'from mlflow import MlflowClient\nclass A:\n  @property\n  def api(self):\n    return MlflowClient()\n  def go(self):\n    self.api.get_model_version("m", 1)\n',
    'GetModelVersion',
    '',
  ],
  [
    'the client through a parameter',
    'from mlflow import MlflowClient\ndef tag(api, r):\n  api.set_tag(r, "k", "v")\ntag(MlflowClient(), r)\n',
    'SetTag',
    '',
  ],
  [
    'the client through a type',
    'from typing import Optional\nfrom mlflow import MlflowClient\ndef tag(api: Optional[MlflowClient] = None):\n  api.set_tag(r, "k", "v")\n',
    'SetTag',
    '',
  ],
  [
    'the client through a type in quotes',
    'import mlflow\ndef tag(api: "mlflow.MlflowClient"):\n  api.delete_tag(r, "k")\n',
    'DeleteTag',
    '',
  ],
  [
    'the client through a context manager',
    'from mlflow import MlflowClient\nfrom contextlib import contextmanager\n@contextmanager\ndef session():\n  yield MlflowClient()\nwith session() as api:\n  api.get_run(r)\n',
    'GetRun',
    '',
  ],
  [
    'a subclass of the client',
    'from mlflow import MlflowClient\nclass Mine(MlflowClient):\n  def go(self):\n    self.get_run(r)\nMine().delete_run(r)\n',
    'DeleteRun GetRun',
    '',
  ],
  [
    'a bound method',
    'from mlflow import MlflowClient\nlog = MlflowClient().log_param\nlog(r, "a", 1)\n',
    'LogParam',
    '',
  ],
  ['a function in a variable', 'import mlflow\nf = mlflow.search_runs\nf()\n', 'SearchRuns', ''],
  [
    'a conditional import',
    'try:\n  import mlflow\nexcept ImportError:\n  mlflow = None\nif mlflow:\n  mlflow.get_run("r")\n',
    'GetRun',
    '',
  ],
  [
    'an import within a function',
    'def go():\n  import mlflow\n  mlflow.delete_experiment("1")\n',
    'DeleteExperiment',
    '',
  ],
  [
    'import_module',
    'import importlib\nm = importlib.import_module("mlflow")\nm.get_run("r")\n',
    'GetRun',
    '',
  ],
  [
    'getattr with a name that is known',
    'import mlflow\nname = "get_run"\ngetattr(mlflow, name)("r")\n',
    'GetRun',
    '',
  ],
  [
    'getattr with a name that is not',
    'import mlflow\ngetattr(mlflow, pick())("r")\n',
    '',
    '',
    [/picks what it calls at run time/],
  ],
  [
    'partial',
    'import mlflow\nfrom functools import partial\ng = partial(mlflow.search_runs, max_results=1)\nx = g()\n',
    'SearchRuns',
    '',
  ],
  [
    'a function passed on',
    'import mlflow\nwith mlflow.start_run():\n  pool.submit(mlflow.log_artifact, "a.txt")\n',
    run,
    'write',
  ],
  [
    'the module passed on',
    'import mlflow\nfrom helpers import go\ngo(mlflow)\n',
    '',
    '',
    [/mlflow is handed to go/],
  ],
  [
    'a module kept in a list',
    'import mlflow\nfor m in [mlflow]:\n  m.log_param("a", 1)\n',
    '',
    '',
    [/handed to a collection/, /Whether m.log_param is MLflow's/],
  ],
  ['exec', 'import mlflow\nexec(code)\n', '', '', [/exec runs code/]],
  [
    'a client that is not known',
    'import mlflow\ndef go(client):\n  client.transition_model_version_stage("m", 1, "Production")\n',
    '',
    '',
    [/GetRegisteredModel, TransitionModelVersionStage/],
  ],
  [
    'a name that is something else too',
    'import mlflow\nmlflow = wrap(mlflow)\nmlflow.get_run("r")\n',
    'GetRun',
    '',
    [/handed to wrap/, /something else too/],
  ],
  [
    'a function that is replaced',
    'import mlflow\nmlflow.log_metric = print\n',
    '',
    '',
    [/mlflow.log_metric is replaced/],
  ],
  [
    'another library that logs to MLflow',
    'from pytorch_lightning.loggers import MLFlowLogger\nlogger = MLFlowLogger("x")\n',
    '',
    '',
    [/MLFlowLogger works with MLflow/],
  ],
  [
    'another library that is told to',
    'from transformers import TrainingArguments\nTrainingArguments(report_to=["mlflow"])\n',
    '',
    '',
    [/report_to tells another library/],
  ],
  [
    'a function that is not on record',
    'import mlflow\nmlflow.invented_tomorrow()\n',
    '',
    '',
    [/mlflow.invented_tomorrow calls is not on record/],
  ],
  [
    'calls that stay on the machine',
    'import mlflow\nfrom mlflow.models import infer_signature, ModelSignature\nmlflow.set_tracking_uri("x")\ninfer_signature(a, b)\nModelSignature()\nmlflow.sklearn.save_model(m, "dir")\nmlflow.data.from_pandas(df)\nmlflow.active_run()\nmlflow.models.set_model(m)\n',
    '',
    '',
  ],
  [
    'MLflow only in a comment and a string',
    '# mlflow.log_metric("a", 1)\nx = "mlflow.log_metric()"\n',
    '',
    '',
  ],
  [
    'another library with the same names',
    'import comet_ml\nfrom keras.models import load_model\ncomet_ml.log_metric("a", 1)\nload_model("x")\n',
    '',
    '',
  ],
  [
    'scikit-learn autologging',
    'import mlflow\nmlflow.sklearn.autolog(log_models=True)\nmodel.fit(x, y)\n',
    training,
    'write',
  ],
  ['autologging of everything', 'import mlflow\nmlflow.autolog()\n', training, 'write'],
  [
    'autologging of everything with a model service',
    'import mlflow, os\nimport openai\nmlflow.autolog()\n',
    `${training} ${tracing}`,
    'write',
  ],
  ['autologging that is off', 'import mlflow\nmlflow.autolog(disable=True)\n', '', ''],
  ['tracing by autologging', 'import mlflow\nmlflow.langchain.autolog()\n', tracing, 'write'],
  ['a traced function', 'import mlflow\n@mlflow.trace\ndef f(x):\n  return x\n', tracing, 'write'],
  [
    'a traced method, with arguments',
    'from mlflow import trace\nclass A:\n  @trace(name="x", span_type="TOOL")\n  async def f(self):\n    pass\n',
    tracing,
    'write',
  ],
  ['a span', 'import mlflow\nwith mlflow.start_span("x") as span:\n  span.set_inputs(1)\n', tracing, 'write'],
  [
    'a model by version',
    'import mlflow\nmlflow.pyfunc.load_model("models:/churn/3")\n',
    'GetDownloadURIForModelVersionArtifacts GetRegisteredModel',
    'read list',
  ],
  [
    'a model by alias',
    'import mlflow\nname = "churn"\nmlflow.sklearn.load_model(f"models:/{name}@champion")\n',
    'GetDownloadURIForModelVersionArtifacts GetModelVersionByAlias GetRegisteredModel',
    'read list',
  ],
  [
    'a model by stage',
    'import mlflow\nmlflow.pyfunc.load_model("models:/{}/Production".format(n))\n',
    'GetDownloadURIForModelVersionArtifacts GetLatestModelVersions GetRegisteredModel',
    'read list',
  ],
  [
    'a model by run',
    'import mlflow\nuri = "runs:/" + run_id + "/model"\nmlflow.pyfunc.load_model(uri)\n',
    'GetRun SearchLoggedModels',
    'read list',
  ],
  [
    'a model by run, with percent',
    'import mlflow\nmlflow.pyfunc.load_model("runs:/%s/model" % r)\n',
    'GetRun SearchLoggedModels',
    'read list',
  ],
  ['a model from a folder', 'import mlflow\nmlflow.pyfunc.load_model("./model")\n', '', ''],
  [
    'a model by its id',
    'import mlflow\nmlflow.pyfunc.load_model(f"models:/{best.model_id}")\n',
    'GetLoggedModel',
    'read list',
  ],
  [
    'a model in the bucket',
    'import mlflow\nmlflow.pyfunc.load_model(run.info.artifact_uri + "/model")\n',
    '',
    'read list',
    [/grant that in S3/],
  ],
  [
    'a model where an artifact lies',
    'import mlflow\nuri = mlflow.get_artifact_uri("model")\nmlflow.pyfunc.load_model(uri)\n',
    `${run}`,
    'read list',
  ],
  [
    'a file that a model brings along',
    'import mlflow\nclass M(mlflow.pyfunc.PythonModel):\n  def load_context(self, context):\n    self.m = mlflow.sklearn.load_model(path=context.artifacts["m"])\n',
    '',
    '',
  ],
  [
    'an evaluation against a model in production',
    'import mlflow\nmlflow.evaluate("runs:/a/model", data, baseline_model="models:/churn@live")\n',
    'CreateRun GetDownloadURIForModelVersionArtifacts GetModelVersionByAlias GetRegisteredModel GetRun LogBatch LogInputs LogMetric LogOutputs LogParam SearchLoggedModels SetTag UpdateRun',
    'read write list',
  ],
  [
    'a model by an address that is not known',
    'import mlflow\nmlflow.pyfunc.load_model(uri)\n',
    'GetDownloadURIForModelVersionArtifacts GetLatestModelVersions GetLoggedModel GetModelVersionByAlias GetRegisteredModel GetRun SearchLoggedModels',
    'read list',
    [/address .* is not known/],
  ],
  [
    'a model just logged',
    'import mlflow\nwith mlflow.start_run():\n  info = mlflow.sklearn.log_model(m, "m")\nmlflow.register_model(info.model_uri, "churn")\n',
    `${run} ${model} ${register} SearchLoggedModels`,
    'write list',
  ],
  [
    'a run that goes on',
    'import mlflow\nwith mlflow.start_run(run_id="abc"):\n  mlflow.log_metric("a", 1)\n',
    'GetRun LogMetric UpdateRun',
    '',
  ],
  [
    'a run that may go on',
    'import mlflow\ndef go(run_id=None):\n  with mlflow.start_run(run_id=run_id):\n    pass\n',
    run,
    '',
  ],
  ['a run that nobody starts', 'import mlflow\nmlflow.log_param("a", 1)\n', `${run} LogParam`, ''],
  [
    'an experiment from the environment',
    'import mlflow, os\nos.environ["MLFLOW_EXPERIMENT_NAME"] = "x"\nmlflow.start_run()\n',
    `${run} GetExperiment GetExperimentByName`,
    '',
  ],
  ['an experiment by id', 'import mlflow\nmlflow.set_experiment(experiment_id="7")\n', 'GetExperiment', ''],
  [
    'runs of experiments by name',
    'import mlflow\nmlflow.search_runs(experiment_names=["a"])\n',
    'GetExperimentByName SearchRuns',
    '',
  ],
  [
    'metrics that are not waited for',
    'import mlflow\nwith mlflow.start_run():\n  mlflow.log_metric("a", 1, synchronous=False)\n',
    `${run} LogBatch`,
    '',
  ],
  [
    'promotion',
    'from mlflow import MlflowClient\nc = MlflowClient()\nc.set_registered_model_alias("m", "champion", 3)\nc.set_model_version_tag("m", 3, "ok", "yes")\n',
    'GetRegisteredModel SetModelVersionTag SetRegisteredModelAlias',
    '',
  ],
  [
    'prompts',
    'import mlflow\nmlflow.genai.register_prompt(name="p", template="t")\nmlflow.genai.load_prompt("prompts:/p@live")\n',
    'CreateModelVersion CreateRegisteredModel GetModelVersion GetModelVersionByAlias GetRegisteredModel',
    '',
  ],
  [
    'arguments that are not written out',
    'import mlflow\nmlflow.search_runs(**options)\n',
    'GetExperimentByName SearchExperiments SearchRuns',
    '',
    [/not written out/],
  ],
  [
    'the UI link of the plugin',
    'from sagemaker_mlflow.presigned_url import get_presigned_url\nget_presigned_url(arn)\n',
    '',
    '',
    [/CreatePresignedMlflowTrackingServerUrl/],
  ],
  [
    'feedback, which servers do not offer yet',
    'import mlflow\nmlflow.log_feedback(trace_id=t, name="x")\n',
    '',
    '',
    [/newer MLflow/],
  ],
  [
    'code that does not parse',
    'import mlflow\nmlflow.get_run("r")\ndef (\n',
    'GetRun',
    '',
    [/does not parse/],
  ],
  ['Python 2', 'import mlflow\nprint "x"\nmlflow.get_run("r")\n', 'GetRun', ''],
  [
    'async code',
    'import asyncio, mlflow\nasync def go():\n  await asyncio.to_thread(mlflow.search_experiments)\n',
    'SearchExperiments',
    '',
  ],
  ['a walrus', 'import mlflow\nif (m := mlflow) and m.get_run("r"):\n  pass\n', 'GetRun', ''],
  ['an empty file', '', '', ''],
]

const words = (text: string) => [...new Set(text.split(' ').filter((word) => word !== ''))].sort()

test.each(cases.map((entry) => [entry[0], entry] as const))(
  '%s',
  (_, [, source, actions, s3, undecided = []]) => {
    const suggestion = suggestGrants(readPython(source, 'train.py'), { personas: builtInPersonas })
    expect(suggestion.needs.actions).toEqual(words(actions))
    expect(suggestion.needs.s3).toEqual(s3.split(' ').filter((word) => word !== ''))
    const lines = suggestion.undecided.map((entry) => entry.why)
    for (const pattern of undecided)
      expect(lines.find((line) => pattern.test(line)) ?? lines).toMatch(pattern)
    expect(lines).toHaveLength(undecided.length)
  },
)

test('there are enough cases', () => {
  expect(cases.length).toBeGreaterThan(60)
  expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length)
})

test('each action names the lines that need it and how that is known', () => {
  const source =
    'import mlflow\nmlflow.get_run("a")\nmlflow.log_figure(f, "x.png", run_id=1)\nmlflow.get_run("b")\n'
  const suggestion = suggestGrants(readPython(source, 'src/train.py'), { personas: builtInPersonas })
  expect(suggestion.reasons.filter((reason) => reason.action === 'GetRun')).toEqual([
    { action: 'GetRun', at: 'src/train.py:2', function: 'mlflow.get_run', evidence: 'measured' },
    { action: 'GetRun', at: 'src/train.py:3', function: 'mlflow.log_figure', evidence: 'inferred' },
    { action: 'GetRun', at: 'src/train.py:4', function: 'mlflow.get_run', evidence: 'measured' },
  ])
})
