import { sortConfig, type TransformerConfig } from '../transformer-config.ts';
import { specs } from './build-specs.ts';
import { COMMON_ANNOTATIONS, COMMON_LABELS, TEMPLATE_LABELS } from './labels.ts';
import { NAME_REFERENCES } from './name-references.ts';
import { VARIABLE_FIELDS } from './variables.ts';

const POD_IMAGES = ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'];

/** Where the transformers work when no `configurations` and no `crds` say more. The facts are Kustomize's. */
export const DEFAULT_CONFIG: TransformerConfig = sortConfig({
  namePrefix: specs('metadata/name', ['']),
  nameSuffix: specs('metadata/name', ['']),
  namespace: [
    ...specs('metadata/name', ['Namespace'], true),
    ...specs('spec/service/namespace', ['apiregistration.k8s.io APIService'], true),
    ...specs('spec/conversion/webhook/clientConfig/service/namespace', [
      'apiextensions.k8s.io CustomResourceDefinition',
    ]),
  ],
  commonLabels: COMMON_LABELS,
  labels: [],
  templateLabels: TEMPLATE_LABELS,
  commonAnnotations: COMMON_ANNOTATIONS,
  nameReference: NAME_REFERENCES,
  varReference: VARIABLE_FIELDS,
  images: ['spec', 'spec/template/spec'].flatMap((base) =>
    POD_IMAGES.flatMap((path) => specs(`${base}/${path}`, [''], true)),
  ),
  replicas: specs('spec/replicas', ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'], true),
});
