import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../../doubles/git-repository.ts';

/** Namespace of every rendered object. */
export const WORKLOADS = 'apps';

export function nameOf(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

/** A config repository with one folder per application: a kustomization and four objects, always the same bytes. */
export class Monorepo {
  readonly #bare: string;
  readonly #tree: string;
  #seconds = 1_767_225_600;

  /** `bare` is where the host serves it from; `folder` gets the working tree. */
  constructor(bare: string, folder: string) {
    this.#bare = bare;
    this.#tree = join(folder, 'tree');
  }

  /** @returns the first commit's id */
  create(count: number): string {
    for (let index = 0; index < count; index++) {
      const folder = join(this.#tree, 'apps', nameOf(index));
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(filesOf(index))) writeFileSync(join(folder, name), text);
    }
    git(this.#tree, ['init', '--quiet']);
    git(this.#tree, ['remote', 'add', 'origin', this.#bare]);
    return this.#commit('initial');
  }

  /** Changes one application and pushes. @returns the commit's id */
  touch(index: number, note: string): string {
    writeFileSync(join(this.#tree, 'apps', nameOf(index), 'configmap.yaml'), configMap(index, note));
    return this.#commit(note);
  }

  #commit(message: string): string {
    const timeSeconds = this.#seconds++;
    git(this.#tree, ['add', '--all'], { timeSeconds });
    git(this.#tree, ['-c', 'gc.auto=0', 'commit', '--quiet', '-m', message], { timeSeconds });
    git(this.#tree, ['push', '--quiet', 'origin', 'HEAD:refs/heads/main']);
    return git(this.#tree, ['rev-parse', 'HEAD']);
  }
}

function configMap(index: number, note: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${nameOf(index)}
data:
  note: ${note}
  application.properties: |
    server.port=8080
    feature.alpha=true
    feature.beta=false
    shard=${index}
`;
}

function filesOf(index: number): Readonly<Record<string, string>> {
  const name = nameOf(index);
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${WORKLOADS}
labels:
  - pairs: { app.kubernetes.io/name: ${name} }
resources: [configmap.yaml, serviceaccount.yaml, service.yaml, deployment.yaml]
`,
    'configmap.yaml': configMap(index, 'initial'),
    'serviceaccount.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
automountServiceAccountToken: false
`,
    'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app: ${name} }
  ports:
    - { name: http, port: 80, targetPort: http }
    - { name: metrics, port: 9090, targetPort: metrics }
`,
    'deployment.yaml': deployment(name, index),
  };
}

/** No replicas: what is measured is our work, not that of simulated pods. */
function deployment(name: string, index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 0
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      serviceAccountName: ${name}
      containers:
        - name: main
          image: example.invalid/${name}:1.0.${index}
          args: [--config=/etc/app/application.properties]
          ports:
            - { name: http, containerPort: 8080 }
            - { name: metrics, containerPort: 9090 }
          env:
            - { name: SHARD, value: "${index}" }
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
          readinessProbe:
            httpGet: { path: /healthz, port: http }
          volumeMounts:
            - { name: config, mountPath: /etc/app }
      volumes:
        - name: config
          configMap: { name: ${name} }
`;
}
