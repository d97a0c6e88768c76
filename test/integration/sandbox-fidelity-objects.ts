/** Objects of the built-in kinds, small and full, as people write them. One YAML document each. */
export const OBJECTS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: cm, labels: { a: b }, annotations: { note: text } }
data: { key: value, empty: "" }
binaryData: { bin: AQID }
---
apiVersion: v1
kind: Secret
metadata: { name: secret }
stringData: { password: hunter2 }
data: { user: YWRtaW4= }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: sa }
imagePullSecrets: [ { name: pull } ]
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata: { name: cluster-ip }
spec: { selector: { app: web }, ports: [ { name: http, port: 80, targetPort: http }, { name: alt, port: 81 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: headless }
spec: { clusterIP: None, selector: { app: web }, ports: [ { port: 80 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: external }
spec: { type: ExternalName, externalName: example.com }
---
apiVersion: v1
kind: Service
metadata: { name: node-port }
spec: { type: NodePort, selector: { app: web }, ports: [ { port: 80, nodePort: 31111 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: load-balancer }
spec: { type: LoadBalancer, sessionAffinity: ClientIP, externalTrafficPolicy: Cluster, selector: { app: web }, ports: [ { port: 443, nodePort: 31112 } ] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: claim }
spec: { accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1024Mi } } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: volume }
spec: { capacity: { storage: 1Gi }, accessModes: [ ReadWriteOnce ], hostPath: { path: /data } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: limits }
spec: { limits: [ { type: Container, max: { cpu: "2" }, default: { memory: 512Mi } } ] }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota }
spec: { hard: { pods: "500", requests.cpu: "400" } }
---
apiVersion: v1
kind: Endpoints
metadata: { name: endpoints }
subsets: [ { addresses: [ { ip: 192.0.2.1 } ], ports: [ { port: 80 } ] } ]
---
apiVersion: v1
kind: Pod
metadata: { name: pod-small }
spec: { containers: [ { name: a, image: nginx } ] }
---
apiVersion: v1
kind: Pod
metadata: { name: pod-full, labels: { app: x } }
spec:
  serviceAccountName: sa
  hostNetwork: true
  nodeSelector: { disk: ssd }
  tolerations: [ { key: gpu, operator: Exists, effect: NoSchedule } ]
  initContainers:
  - { name: init, image: "busybox:1.36", command: [ sh, -c, "true" ] }
  - { name: sidecar, image: "proxy@sha256:0000000000000000000000000000000000000000000000000000000000000000", restartPolicy: Always }
  containers:
  - name: web
    image: nginx:latest
    args: []
    ports: [ { containerPort: 8080, name: http }, { containerPort: 9090, protocol: UDP } ]
    env: [ { name: A, value: "1" }, { name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }, { name: CPU, valueFrom: { resourceFieldRef: { resource: limits.cpu } } } ]
    envFrom: [ { configMapRef: { name: cm } } ]
    resources: { limits: { cpu: 1500m, memory: 1024Mi, nvidia.com/gpu: 1 }, requests: { cpu: "0.5" } }
    livenessProbe: { httpGet: { port: http } }
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5 }
    startupProbe: { grpc: { port: 9090 } }
    lifecycle: { preStop: { httpGet: { port: 8080, path: /stop } } }
    securityContext: { runAsNonRoot: true, capabilities: { drop: [ ALL ] } }
    volumeMounts: [ { name: config, mountPath: /etc/config }, { name: data, mountPath: /data, readOnly: false } ]
  volumes:
  - { name: config, configMap: { name: cm } }
  - { name: data, emptyDir: {} }
  - { name: none }
  - { name: secret, secret: { secretName: secret, optional: false } }
  - { name: host, hostPath: { path: /var } }
  - { name: all, projected: { sources: [ { serviceAccountToken: { path: token } }, { downwardAPI: { items: [ { path: labels, fieldRef: { fieldPath: metadata.labels } } ] } } ] } }
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [ { weight: 1, podAffinityTerm: { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: x } } } } ] } }
  topologySpreadConstraints: [ { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: x } } } ]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deploy, labels: { app: web } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [ { name: web, image: "nginx:1", ports: [ { containerPort: 80 } ], resources: { requests: { cpu: 1000m } } } ] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deploy-full }
spec:
  replicas: 0
  paused: false
  minReadySeconds: 5
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 2 } }
  selector: { matchLabels: { app: full }, matchExpressions: [ { key: tier, operator: In, values: [ web ] } ] }
  template:
    metadata: { labels: { app: full, tier: web }, annotations: { x: y } }
    spec:
      terminationGracePeriodSeconds: 0
      automountServiceAccountToken: false
      securityContext: { fsGroup: 1000 }
      containers: [ { name: a, image: a }, { name: b, image: "b:2", imagePullPolicy: Never, stdin: true, tty: false } ]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: recreate }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: re } }
  template: { metadata: { labels: { app: re } }, spec: { containers: [ { name: a, image: a } ] } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: rs }
spec:
  selector: { matchLabels: { app: rs } }
  template: { metadata: { labels: { app: rs } }, spec: { containers: [ { name: a, image: a } ] } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: sts }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [ { name: a, image: "a:1", volumeMounts: [ { name: data, mountPath: /d } ] } ] } }
  volumeClaimTemplates: [ { metadata: { name: data }, spec: { accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1Gi } } } } ]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ds }
spec:
  selector: { matchLabels: { app: ds } }
  template: { metadata: { labels: { app: ds } }, spec: { containers: [ { name: a, image: "a:1" } ] } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: job }
spec: { template: { spec: { restartPolicy: Never, containers: [ { name: a, image: "a:1" } ] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: job-labelled, labels: { a: b } }
spec: { template: { metadata: { labels: { c: d } }, spec: { restartPolicy: Never, containers: [ { name: a, image: "a:1" } ] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: job-template-labelled }
spec: { template: { metadata: { labels: { c: d } }, spec: { restartPolicy: Never, containers: [ { name: a, image: "a:1" } ] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: cron }
spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: OnFailure, containers: [ { name: a, image: "a:1" } ] } } } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: hpa }
spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: deploy } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: hpa-behavior }
spec:
  maxReplicas: 5
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: deploy }
  metrics: [ { type: Resource, resource: { name: memory, target: { type: AverageValue, averageValue: 1024Mi } } } ]
  behavior: { scaleDown: { stabilizationWindowSeconds: 60 } }
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: { name: hpa-v1 }
spec: { maxReplicas: 5, minReplicas: 2, targetCPUUtilizationPercentage: 70, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: deploy } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: pdb }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ingress }
spec: { tls: [ { hosts: [ a.example.com ], secretName: tls } ], rules: [ { host: a.example.com, http: { paths: [ { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } } ] } } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: netpol }
spec: { podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { a: b } } } ], ports: [ { port: 80 } ] } ], egress: [ {} ] }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: class }
spec: { controller: example.com/ingress }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: role }
rules: [ { apiGroups: [ "" ], resources: [ pods ], verbs: [ get, list ] } ]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: binding }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: role }
subjects: [ { kind: ServiceAccount, name: sa }, { kind: User, name: jane } ]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fidelity }
rules: [ { nonResourceURLs: [ /metrics ], verbs: [ get ] } ]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: fidelity }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fidelity }
subjects: [ { kind: ServiceAccount, name: sa, namespace: fidelity } ]
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: high }
value: 1000
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: example.com/disk
parameters: { type: ssd }
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: { name: gvisor }
handler: runsc
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: { name: lease }
spec: { holderIdentity: me, leaseDurationSeconds: 15, renewTime: "2026-01-02T03:04:05.000000Z" }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: slice }
addressType: IPv4
endpoints: [ { addresses: [ 192.0.2.1 ] } ]
ports: [ { port: 80 } ]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: fidelity }
webhooks:
- name: a.example.com
  admissionReviewVersions: [ v1 ]
  sideEffects: None
  failurePolicy: Ignore
  clientConfig: { service: { name: hook, namespace: nowhere } }
  rules: [ { apiGroups: [ nothing.example.com ], apiVersions: [ v1 ], operations: [ CREATE ], resources: [ things ] } ]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: fidelity }
webhooks:
- name: a.example.com
  admissionReviewVersions: [ v1 ]
  sideEffects: None
  failurePolicy: Ignore
  clientConfig: { url: "https://127.0.0.1:9/hook" }
  rules: [ { apiGroups: [ nothing.example.com ], apiVersions: [ v1 ], operations: [ CREATE ], resources: [ things ] } ]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: fidelity }
spec:
  matchConstraints: { resourceRules: [ { apiGroups: [ nothing.example.com ], apiVersions: [ v1 ], operations: [ CREATE ], resources: [ things ] } ] }
  validations: [ { expression: "true" } ]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: fidelity }
spec: { policyName: fidelity, validationActions: [ Deny ] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.fidelity.example.com }
spec:
  group: fidelity.example.com
  names: { kind: Gadget, plural: gadgets, shortNames: [ gd ] }
  scope: Namespaced
  versions: [ { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { n: { type: integer } } } } } } } ]
---
apiVersion: v1
kind: Namespace
metadata: { name: fidelity-other, labels: { team: a } }
---
apiVersion: v1
kind: ReplicationController
metadata: { name: rc }
spec: { template: { metadata: { labels: { app: rc } }, spec: { containers: [ { name: a, image: a } ] } } }
---
apiVersion: v1
kind: PodTemplate
metadata: { name: template }
template: { metadata: { labels: { app: t } }, spec: { containers: [ { name: a, image: a } ] } }
---
apiVersion: v1
kind: Node
metadata: { name: fidelity-node, labels: { disk: ssd } }
spec: { taints: [ { key: a, effect: NoSchedule } ] }
status: { capacity: { cpu: "4", memory: 8Gi, pods: "110" } }
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: csi.example.com }
spec: {}
---
apiVersion: apps/v1
kind: ControllerRevision
metadata: { name: revision }
revision: 1
data: { a: [ 1 ] }
---
apiVersion: v1
kind: Event
metadata: { name: event }
involvedObject: { kind: Pod, name: pod-small, namespace: fidelity }
reason: Tested
message: hello
type: Normal
`;
