/** Functions and classes of MLflow that send nothing to the tracking server and touch no artifact. */
const localFunctions: ReadonlySet<string> = new Set([
  'ActiveModel',
  'ActiveRun',
  'Image',
  'MlflowClient',
  'MlflowException',
  'active_run',
  'clear_active_model',
  'disable_system_metrics_logging',
  'doctor',
  'flush_artifact_async_logging',
  'flush_async_logging',
  'flush_trace_async_logging',
  'get_active_model_id',
  'get_active_trace_id',
  'get_current_active_span',
  'get_experiment_id',
  'get_last_active_trace_id',
  'get_registry_uri',
  'get_tracking_uri',
  'is_tracking_uri_set',
  'login',
  'set_registry_uri',
  'set_system_metrics_node_id',
  'set_system_metrics_samples_before_logging',
  'set_system_metrics_sampling_interval',
  'set_tracking_uri',
  'update_current_trace',
  'validate_evaluation_results',
  'models.infer_signature',
  'models.make_metric',
  'models.set_model',
  'models.set_retriever_schema',
  'models.validate_schema',
  'models.convert_input_example_to_serving_input',
  'models.rag_signatures',
  'pyfunc.PyFuncModel',
  'pyfunc.PythonModel',
  'pyfunc.PythonModelContext',
  'pyfunc.add_to_model',
  'pyfunc.get_default_conda_env',
  'pyfunc.get_default_pip_requirements',
  'genai.make_judge',
  'genai.scorer',
  'client.MlflowClient',
  'tracking.MlflowClient',
  'tracking.client.MlflowClient',
])

/** Modules of MLflow in which nothing calls the tracking server. */
const localModules =
  /^mlflow\.(data|entities|environment_variables|exceptions|metrics|protos|pytorch\.pickle_module|types|utils|version|models\.(signature|utils|evaluation|model_config|dependencies_schemas)|deployments|gateway|genai\.(scorers|judges)|tracing(?!\.client))\./

/** `MlflowClient` methods that stay on this machine. A span belongs to its trace, which `start_trace` opens. */
const localMethods: ReadonlySet<string> = new Set(['start_span', 'end_span', 'close', 'tracking_uri'])

/** Whether this MLflow function is known to call nothing. Capitalised names are classes, and calling one makes a value. */
export function isLocalFunction(path: string): boolean {
  if (path.startsWith('MlflowClient.')) return localMethods.has(path.slice('MlflowClient.'.length))
  const name = path.replace(/^mlflow\./, '').replace(/^tracking\.(fluent\.)?(?=[a-z])/, '')
  if (localFunctions.has(name) || localFunctions.has(name.replace(/^.*\.(?=MlflowClient$)/, ''))) return true
  if (localModules.test(path)) return true
  const last = path.slice(path.lastIndexOf('.') + 1)
  return (
    last === 'save_model' ||
    last === 'get_default_conda_env' ||
    last === 'get_default_pip_requirements' ||
    isClassName(path, last)
  )
}

/** `mlflow.models.ModelSignature(…)`; not the callbacks, which log. */
function isClassName(path: string, last: string): boolean {
  return /^[A-Z][a-z]\w*$/.test(last) && !/Callback|Logger/.test(last) && !path.includes('.Model.')
}

/** Modules of MLflow that hold functions: passing one on hides what is called. */
export function isModulePath(path: string): boolean {
  return (
    path === 'mlflow' ||
    /^mlflow\.(tracking|client|artifacts|genai|models|pyfunc|tracing|projects)$/.test(path)
  )
}
