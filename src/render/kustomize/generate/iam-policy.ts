import { own, type Json } from '../../../core/json.ts';
import type { BuildContext } from '../context.ts';
import { textOf } from '../kustomization.ts';
import { BuildError, type Place } from '../problems.ts';
import { readResourceText } from '../read-resources.ts';
import type { Resource } from '../resource.ts';

/** The service account that a cloud's identity is bound to. @throws BuildError for another cloud than `gke` */
export function generateIamPolicy(
  config: Readonly<Record<string, Json>>,
  place: Place,
  context: BuildContext,
): Resource[] {
  if (textOf(config, 'cloud') !== 'gke')
    throw new BuildError('NotSupported', `cloud ${JSON.stringify(textOf(config, 'cloud'))} is not supported`, {
      place,
    });
  const account = own(config, 'serviceAccount');
  const service = own(config, 'kubernetesService');
  const namespace = textOf(service, 'namespace');
  const lines = [
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata:',
    '  annotations:',
    `    iam.gke.io/gcp-service-account: ${textOf(account, 'name')}@${textOf(account, 'projectId')}.iam.gserviceaccount.com`,
    `  name: ${textOf(service, 'name')}`,
    ...(namespace === '' ? [] : [`  namespace: ${namespace}`]),
  ];
  return readResourceText(`${lines.join('\n')}\n`, place, context);
}
