import { numberAt, stringAt, type JsonObject } from '../core/json.ts';
import type { Behaviour } from '../sandbox/controllers/behaviours.ts';

/** The controllers of custom kinds that the embedded cluster plays, so that the examples become healthy as they would with the real ones. */
export const EXAMPLE_BEHAVIOURS: readonly Behaviour[] = [
  { group: 'serving.kserve.io', kind: 'InferenceService', afterMs: 800, status: inferenceServiceStatus },
];

/** What KServe reports of a service whose predictor answers (serving.kserve.io/v1beta1, InferenceServiceStatus). */
function inferenceServiceStatus(object: JsonObject, time: string): JsonObject {
  const name = stringAt(object, 'metadata', 'name') ?? '';
  const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
  const condition = (type: string): JsonObject => ({ type, status: 'True', lastTransitionTime: time });
  return {
    observedGeneration: numberAt(object, 'metadata', 'generation') ?? 1,
    url: `http://${name}.${namespace}.example.com`,
    conditions: ['IngressReady', 'PredictorReady', 'Ready'].map(condition),
    components: { predictor: { latestReadyRevision: `${name}-predictor-00001` } },
    modelStatus: { states: { activeModelState: 'Loaded', targetModelState: 'Loaded' }, transitionStatus: 'UpToDate' },
  };
}
