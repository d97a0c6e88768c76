import { APPLICATION_LABEL } from '../core/application.ts';
import { isJsonObject, own, type JsonObject, type MutableJsonObject } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';
import { isSecret } from './mask-secrets.ts';

/**
 * A manifest as it is applied and compared: fields that only the server writes are dropped, `stringData` (which the server turns into
 * `data` and forgets) is turned here, and our one label is set. Pure and idempotent.
 *
 * @param label value of the application label; the only mark that objects carry
 */
export function normalizeManifest(object: KubeObject, label: string): KubeObject {
  const out = { ...(object as JsonObject) } as MutableJsonObject;
  delete out.status;
  const metadata = { ...(object.metadata as JsonObject) } as MutableJsonObject;
  for (const field of [
    'creationTimestamp',
    'managedFields',
    'resourceVersion',
    'uid',
    'generation',
    'selfLink',
    'deletionTimestamp',
  ]) {
    delete metadata[field];
  }
  const labels = own(metadata, 'labels');
  metadata.labels = { ...(isJsonObject(labels) ? (labels as MutableJsonObject) : {}), [APPLICATION_LABEL]: label };
  out.metadata = metadata;
  if (isSecret(object) && object.apiVersion === 'v1') foldStringData(out);
  return out as KubeObject;
}

/** Kubernetes writes each key of stringData over data, base64-coded. */
function foldStringData(secret: MutableJsonObject): void {
  const { stringData } = secret;
  if (!isJsonObject(stringData)) return;
  const data: MutableJsonObject = { ...(isJsonObject(secret.data) ? (secret.data as MutableJsonObject) : {}) };
  for (const [key, value] of Object.entries(stringData)) {
    if (typeof value !== 'string') return;
    data[key] = Buffer.from(value, 'utf8').toString('base64');
  }
  secret.data = data;
  delete secret.stringData;
}
