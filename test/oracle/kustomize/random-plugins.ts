import { some } from './some.ts';
import type { World } from './world.ts';

const CONFIGURATIONS = [
  'nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Thing\n',
  'nameReference:\n- kind: Deployment\n  group: apps\n  fieldSpecs:\n  - path: spec/a\n    kind: Thing\n  - path: metadata/annotations/note\n- kind: Thing\n  fieldSpecs:\n  - path: data/a\n    kind: ConfigMap\n',
  'images:\n- path: spec/a\n  kind: Thing\n',
  'images:\n- path: spec/list[]/name\n  kind: Thing\n- path: spec/b/v\n',
  'commonLabels:\n- path: spec/x/labels\n  create: true\n  kind: Thing\n',
  'labels:\n- path: spec/x/labels\n  create: true\n  group: example.com\n',
  'templateLabels:\n- path: spec/x/tlabels\n  create: true\n  kind: Thing\n',
  'namePrefix:\n- path: spec/b\n  kind: Thing\n',
  'nameSuffix:\n- path: metadata/name\n  kind: Secret\n- path: data/a\n  kind: ConfigMap\n',
  'varReference:\n- path: spec\n  kind: Thing\n',
  'varReference:\n- path: metadata/annotations\n- path: data\n  kind: ConfigMap\n',
  'replicas:\n- path: spec/count\n  create: true\n  kind: Thing\n',
  'namespace:\n- path: spec/ns\n  create: true\n  kind: Thing\n',
  'namespace:\n- path: subjects\n  kind: RoleBinding\n- path: metadata/name\n  kind: Namespace\n  create: true\n',
  'commonAnnotations:\n- path: spec/template/metadata/annotations\n  create: true\n  kind: Thing\n',
  '# nothing\n',
];

export function writeConfigurations(world: World, folder: string, lines: string[]): void {
  const { r } = world;
  const names = ['conf.yaml', ...(r.chance(0.3) ? ['conf2.yaml'] : [])];
  for (const name of names) world.files[`${folder}/${name}`] = r.pick(CONFIGURATIONS);
  lines.push(`configurations: [${names.join(', ')}]`);
}

const CRD = `{
  "example.com/pkg/v1.Thing": {"Schema": {"properties": {"apiVersion": {}, "kind": {}, "metadata": {},
    "spec": {"$ref": "example.com/pkg/v1.ThingSpec"}}}},
  "example.com/pkg/v1.ThingSpec": {"Schema": {"properties": {
    "a": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap", "x-kubernetes-object-ref-name-key": "name"},
    "b": {"x-kubernetes-label-selector": ""}, "app": {"x-kubernetes-annotation": ""}, "last": {"$ref": "example.com/pkg/v1.ThingLast"}}}},
  "example.com/pkg/v1.ThingLast": {"Schema": {"properties": {"v": {"x-kubernetes-object-ref-api-version": "apps/v1", "x-kubernetes-object-ref-kind": "Deployment"}}}}
}
`;

export function writeCrds(world: World, folder: string, lines: string[]): void {
  world.files[`${folder}/crd.json`] = CRD;
  lines.push('crds: [crd.json]');
}

const THING = `definitions:
  com.example.v1.Thing:
    type: object
    x-kubernetes-group-version-kind: [{group: example.com, version: v1, kind: Thing}]
    properties:
      spec:
        type: object
        properties:
          list: {type: array, x-kubernetes-patch-strategy: merge, x-kubernetes-patch-merge-key: name, items: {$ref: "#/definitions/com.example.v1.Item"}}
          a: {type: array, items: {type: string}, x-kubernetes-patch-strategy: merge}
  com.example.v1.Item: {type: object, properties: {name: {type: string}, v: {type: object, additionalProperties: {type: string}}}}
`;

export function writeOpenApi(world: World, folder: string, lines: string[]): void {
  const { r } = world;
  if (r.chance(0.3)) {
    lines.push('openapi: {version: v1.21.2}');
    return;
  }
  world.files[`${folder}/schema.yaml`] =
    THING +
    (r.chance(0.4)
      ? 'paths:\n  /apis/example.com/v1/things/{name}: {get: {x-kubernetes-group-version-kind: {group: example.com, version: v1, kind: Thing}}}\n'
      : '');
  lines.push('openapi:', '  path: schema.yaml');
}

const TRANSFORMERS = [
  'kind: PrefixTransformer\nmetadata:\n  name: t\nprefix: tp-\nfieldSpecs:\n- path: metadata/name\n',
  'kind: PrefixSuffixTransformer\nmetadata:\n  name: t\nprefix: 1\nsuffix: -z\nfieldSpecs:\n- path: metadata/name\n  kind: Deployment\n- path: data/a\n',
  'kind: LabelTransformer\nmetadata:\n  name: t\nlabels:\n  plug: "1"\nfieldSpecs:\n- path: metadata/labels\n  create: true\n',
  'kind: LabelTransformer\nmetadata:\n  name: t\nlabels: {n: 1, t: true}\nfieldSpecs:\n- {path: metadata/labels, create: true, group: apps}\n- {path: spec/selector, kind: Service, version: v1}\n',
  'kind: NamespaceTransformer\nmetadata:\n  name: t\n  namespace: plug\nunsetOnly: true\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs:\n- path: metadata/name\n  kind: Namespace\n  create: true\n',
  'kind: NamespaceTransformer\nmetadata:\n  name: t\n  namespace: plug\nsetRoleBindingSubjects: none\n',
  'kind: NamespaceTransformer\nmetadata:\n  name: t\n  namespace: plug\nsetRoleBindingSubjects: defaultOnly\nfieldSpecs:\n- {path: metadata/namespace, create: true}\n- {path: spec/ns, kind: Thing, create: true}\n',
  'kind: AnnotationsTransformer\nmetadata:\n  name: t\nannotations:\n  plug: x\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n',
  'kind: ImageTagTransformer\nmetadata:\n  name: t\nimageTag:\n  name: nginx\n  newTag: plug\n',
  'kind: ImageTagTransformer\nmetadata:\n  name: t\nimageTag:\n  name: nginx\n  newTag: 1.5\nfieldSpecs:\n- path: spec/template/spec/containers[]/image\n- path: spec/containers/image\n',
  'kind: PatchTransformer\nmetadata:\n  name: t\ntarget:\n  kind: Deployment\npatch: |-\n  - op: add\n    path: /spec/plug\n    value: 1\n',
  'kind: PatchTransformer\nmetadata:\n  name: t\ntarget:\n  kind: ConfigMap|Secret\n  name: ".*"\npatch: |-\n  metadata: {annotations: {patched: "yes"}}\n  apiVersion: v1\n  kind: X\noptions: {allowKindChange: true}\n',
  'kind: PatchJson6902Transformer\nmetadata:\n  name: t\ntarget:\n  kind: Service\n  version: v1\n  name: web\njsonOp: \'[{"op": "add", "path": "/spec/j", "value": {"a": [1, 2.50, "x"]}}]\'\n',
  'kind: PatchStrategicMergeTransformer\nmetadata:\n  name: t\npatches: |-\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n  spec: {paused: true}\n',
  'kind: ReplicaCountTransformer\nmetadata:\n  name: t\nreplica: {name: web, count: 11}\nfieldSpecs:\n- {path: spec/replicas, create: true, kind: Deployment}\n- {path: spec/count, create: true, kind: Thing}\n',
  'kind: ReplacementTransformer\nmetadata:\n  name: t\nreplacements:\n- sourceValue: "q"\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.replaced]\n    options: {create: true}\n',
  'kind: ValueAddTransformer\nmetadata:\n  name: t\nvalue: added\ntargets:\n- fieldPath: metadata/annotations/added\n- selector: {kind: ConfigMap}\n  fieldPath: data/path\n  filePathPosition: 1\n',
  'kind: ValueAddTransformer\nmetadata:\n  name: t\ntargets:\n- fieldPath: data/path\n  filePathPosition: -1\n- fieldPath: metadata/namespace\n',
  'kind: SuffixTransformer\nmetadata:\n  name: t\nsuffix: -plug\nfieldSpecs:\n- path: metadata/name\n  kind: ConfigMap\n',
  'kind: HashTransformer\nmetadata:\n  name: t\n',
];

const GENERATORS = [
  'kind: ConfigMapGenerator\nmetadata:\n  name: plugged\nliterals: [a=b]\n',
  'kind: ConfigMapGenerator\nmetadata:\n  name: plugged\n  namespace: two\nname: other\nliterals: [a=b, "c=d"]\noptions: {disableNameSuffixHash: true, labels: {q: r}}\n',
  'kind: SecretGenerator\nmetadata:\n  name: plugged\ntype: t\nbehavior: create\nliterals: [a=b]\noptions: {immutable: true}\n',
  'kind: IAMPolicyGenerator\nmetadata:\n  name: iam\ncloud: gke\nkubernetesService: {name: ksa, namespace: one}\nserviceAccount: {name: gsa, projectId: p}\n',
];

export function writePlugins(world: World, folder: string, lines: string[]): void {
  const { r } = world;
  if (r.chance(0.3)) refer(world, folder, 'generators', 'g', GENERATORS, lines);
  if (r.chance(0.7)) refer(world, folder, 'transformers', 't', TRANSFORMERS, lines);
  if (r.chance(0.1)) refer(world, folder, 'validators', 'v', TRANSFORMERS.slice(2, 3), lines);
}

/** Names the configurations inline, as a file, or as a folder that builds them. */
function refer(
  world: World,
  folder: string,
  field: string,
  name: string,
  from: readonly string[],
  lines: string[],
): void {
  const { r } = world;
  const chosen = some(r, from, 2).map((text) => `apiVersion: builtin\n${text}`);
  if (chosen.length === 0) chosen.push(`apiVersion: builtin\n${r.pick(from)}`);
  const text = chosen.map((one, at) => one.replace('name: t\n', `name: t${at}\n`)).join('---\n');
  const form = r.below(4);
  if (form === 0) {
    world.files[`${folder}/${name}.yaml`] = text;
    lines.push(`${field}: [${name}.yaml]`);
  } else if (form === 1) {
    world.files[`${folder}/${name}/x.yaml`] = text;
    world.files[`${folder}/${name}/kustomization.yaml`] =
      `resources: [x.yaml]\n${r.pick(['', 'nameSuffix: -cfg\n', 'commonLabels: {of: config}\n'])}`;
    lines.push(`${field}: [${name}]`);
  } else
    lines.push(
      `${field}:`,
      '- |-',
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
}
