{{- define "edge.podTemplate" -}}
metadata:
  annotations:
    checksum/config: {{ include (print $.Template.BasePath "/controller/configmap.yaml") . | sha256sum }}
    checksum/headers: {{ (print (toYaml .Values.controller.proxySetHeaders) (toJson .Values.controller.addHeaders)) | sha256sum | trunc 16 }}
  {{- range $key, $value := .Values.controller.podAnnotations }}
    {{ $key }}: {{ $value | quote }}
  {{- end }}
  labels:
    {{- include "edge.labels" . | nindent 4 }}
    app.kubernetes.io/component: controller
    {{- with .Values.controller.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if .Values.controller.podLabels }}
    {{- toYaml .Values.controller.podLabels | nindent 4 }}
    {{- end }}
spec:
{{- if .Values.controller.dnsConfig }}
  dnsConfig: {{ toYaml .Values.controller.dnsConfig | nindent 4 }}
{{- end }}
{{- if .Values.controller.hostAliases }}
  hostAliases: {{ tpl (toYaml .Values.controller.hostAliases) $ | nindent 4 }}
{{- end }}
{{- if .Values.controller.hostname }}
  hostname: {{ toYaml .Values.controller.hostname | nindent 4 }}
{{- end }}
  dnsPolicy: {{ .Values.controller.dnsPolicy }}
{{- if .Values.imagePullSecrets }}
  imagePullSecrets: {{ toYaml .Values.imagePullSecrets | nindent 4 }}
{{- end }}
{{- if .Values.controller.priorityClassName }}
  priorityClassName: {{ .Values.controller.priorityClassName | quote }}
{{- end }}
{{- if or .Values.controller.podSecurityContext .Values.controller.sysctls }}
  securityContext:
{{- end }}
{{- if .Values.controller.podSecurityContext }}
    {{- toYaml .Values.controller.podSecurityContext | nindent 4 }}
{{- end }}
{{- if .Values.controller.sysctls }}
    sysctls:
{{- range $sysctl, $value := .Values.controller.sysctls }}
    - name: {{ $sysctl | quote }}
      value: {{ $value | quote }}
{{- end }}
{{- end }}
  containers:
    - name: {{ .Values.controller.containerName }}
      {{- with (merge (dict) .Values.controller.image) }}
      image: {{ include "edge.image" (dict "root" $ "image" .) }}
      {{- end }}
      imagePullPolicy: {{ .Values.controller.image.pullPolicy }}
    {{- if .Values.controller.lifecycle }}
      lifecycle: {{ toYaml .Values.controller.lifecycle | nindent 8 }}
    {{- end }}
      args: {{ include "edge.params" . | nindent 8 }}
      securityContext: {{ include "edge.controller.containerSecurityContext" . | nindent 8 }}
      env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: POD_NAMESPACE
          valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
      {{- if .Values.controller.enableFastAlloc }}
        - name: LD_PRELOAD
          value: /lib/liballoc.so
      {{- end }}
      {{- if .Values.controller.extraEnvs }}
        {{- toYaml .Values.controller.extraEnvs | nindent 8 }}
      {{- end }}
    {{- if .Values.controller.startupProbe }}
      startupProbe: {{ toYaml .Values.controller.startupProbe | nindent 8 }}
    {{- end }}
    {{- range $probe := list "livenessProbe" "readinessProbe" }}
    {{- with get $.Values.controller $probe }}
      {{ $probe }}: {{ toYaml . | nindent 8 }}
    {{- end }}
    {{- end }}
      ports:
      {{- range $key, $value := .Values.controller.containerPort }}
        - name: {{ $key }}
          containerPort: {{ $value }}
          protocol: TCP
          {{- if $.Values.controller.hostPort.enabled }}
          hostPort: {{ index $.Values.controller.hostPort.ports $key | default $value }}
          {{- end }}
      {{- end }}
      {{- if .Values.controller.metrics.enabled }}
        - name: {{ .Values.controller.metrics.portName }}
          containerPort: {{ .Values.controller.metrics.port }}
          protocol: TCP
      {{- end }}
      {{- if .Values.controller.admissionWebhooks.enabled }}
        - name: webhook
          containerPort: {{ .Values.controller.admissionWebhooks.port }}
          protocol: TCP
      {{- end }}
      {{- range $protocol, $ports := dict "tcp" .Values.tcp "udp" .Values.udp }}
      {{- range $key, $value := $ports }}
        - name: {{ if $.Values.portNamePrefix }}{{ $.Values.portNamePrefix }}-{{ end }}{{ $key }}-{{ $protocol }}
          containerPort: {{ $key }}
          protocol: {{ upper $protocol }}
      {{- end }}
      {{- end }}
    {{- if (or .Values.controller.customTemplate.configMapName .Values.controller.extraVolumeMounts .Values.controller.admissionWebhooks.enabled .Values.controller.extraModules .Values.controller.opentelemetry.enabled) }}
      volumeMounts:
      {{- if (or .Values.controller.extraModules .Values.controller.opentelemetry.enabled) }}
        - name: modules
          mountPath: /modules_mount
      {{- end }}
      {{- if .Values.controller.customTemplate.configMapName }}
        - mountPath: /etc/edge/template
          name: edge-template-volume
          readOnly: true
      {{- end }}
      {{- if .Values.controller.admissionWebhooks.enabled }}
        - name: webhook-cert
          mountPath: "/certificates/"
          readOnly: true
      {{- end }}
      {{- with .Values.controller.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if .Values.controller.resources }}
      resources: {{ toYaml .Values.controller.resources | nindent 8 }}
    {{- end }}
  {{- if .Values.controller.extraContainers }}
    {{- toYaml .Values.controller.extraContainers | nindent 4 }}
  {{- end }}
{{- if (or .Values.controller.extraInitContainers .Values.controller.extraModules .Values.controller.opentelemetry.enabled) }}
  initContainers:
  {{- if .Values.controller.extraInitContainers }}
    {{- toYaml .Values.controller.extraInitContainers | nindent 4 }}
  {{- end }}
  {{- range .Values.controller.extraModules }}
    {{- include "extraModules" . | nindent 4 }}
  {{- end }}
  {{- if .Values.controller.opentelemetry.enabled }}
    {{- $module := pick .Values.controller.opentelemetry "name" "resources" }}
    {{- $_ := set $module "image" (merge (dict "registry" .Values.global.image.registry) .Values.controller.opentelemetry.image) }}
    {{- include "extraModules" $module | nindent 4 }}
  {{- end }}
{{- end }}
{{- if .Values.controller.hostNetwork }}
  hostNetwork: {{ .Values.controller.hostNetwork }}
{{- end }}
{{- if .Values.controller.nodeSelector }}
  nodeSelector: {{ toYaml .Values.controller.nodeSelector | nindent 4 }}
{{- end }}
{{- if .Values.controller.tolerations }}
  tolerations: {{ toYaml .Values.controller.tolerations | nindent 4 }}
{{- end }}
{{- if .Values.controller.affinity }}
  affinity: {{ tpl (toYaml .Values.controller.affinity) $ | nindent 4 }}
{{- end }}
{{- if .Values.controller.topologySpreadConstraints }}
  topologySpreadConstraints: {{ tpl (toYaml .Values.controller.topologySpreadConstraints) $ | nindent 4 }}
{{- end }}
  serviceAccountName: {{ template "edge.serviceAccountName" . }}
  automountServiceAccountToken: {{ .Values.serviceAccount.automountServiceAccountToken }}
  terminationGracePeriodSeconds: {{ .Values.controller.terminationGracePeriodSeconds }}
{{- if (or .Values.controller.customTemplate.configMapName .Values.controller.extraVolumes .Values.controller.admissionWebhooks.enabled .Values.controller.extraModules .Values.controller.opentelemetry.enabled) }}
  volumes:
  {{- if (or .Values.controller.extraModules .Values.controller.opentelemetry.enabled) }}
    - name: modules
      emptyDir: {}
  {{- end }}
  {{- if .Values.controller.customTemplate.configMapName }}
    - name: edge-template-volume
      configMap:
        name: {{ .Values.controller.customTemplate.configMapName }}
        items:
        - key: {{ .Values.controller.customTemplate.configMapKey }}
          path: edge.tmpl
  {{- end }}
  {{- if .Values.controller.admissionWebhooks.enabled }}
    - name: webhook-cert
      secret:
        secretName: {{ include "edge.admission.fullname" . }}
      {{- if .Values.controller.admissionWebhooks.certManager.enabled }}
        items:
          - key: tls.crt
            path: cert
          - key: tls.key
            path: key
      {{- end }}
  {{- end }}
  {{- if .Values.controller.extraVolumes }}
    {{ toYaml .Values.controller.extraVolumes | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
