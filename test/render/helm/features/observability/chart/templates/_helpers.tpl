{{- define "obs.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "obs.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 26 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 26 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 26 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "obs.operator.fullname" -}}
{{- if .Values.operator.fullnameOverride -}}
{{- .Values.operator.fullnameOverride -}}
{{- else -}}
{{- printf "%s-operator" (include "obs.fullname" .) -}}
{{- end }}
{{- end }}

{{- define "obs.chartref" -}}
{{- replace "+" "_" .Chart.Version | printf "%s-%s" .Chart.Name -}}
{{- end }}

{{- define "obs.labels" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: "{{ replace "+" "_" .Chart.Version }}"
app.kubernetes.io/part-of: {{ template "obs.name" . }}
chart: {{ template "obs.chartref" . }}
release: {{ $.Release.Name | quote }}
heritage: {{ $.Release.Service | quote }}
{{- if .Values.commonLabels}}
{{ toYaml .Values.commonLabels }}
{{- end }}
{{- end }}

{{- define "obs.namespace" -}}
  {{- if .Values.namespaceOverride -}}
    {{- .Values.namespaceOverride -}}
  {{- else -}}
    {{- .Release.Namespace -}}
  {{- end -}}
{{- end -}}

{{- define "obs.kubeVersion" -}}
  {{- default .Capabilities.KubeVersion.Version .Values.kubeVersionOverride -}}
{{- end -}}

{{- define "obs.ingress.apiVersion" -}}
  {{- if and (.Capabilities.APIVersions.Has "networking.k8s.io/v1") (semverCompare ">= 1.19-0" (include "obs.kubeVersion" .)) -}}
      {{- print "networking.k8s.io/v1" -}}
  {{- else if .Capabilities.APIVersions.Has "networking.k8s.io/v1beta1" -}}
    {{- print "networking.k8s.io/v1beta1" -}}
  {{- else -}}
    {{- print "extensions/v1beta1" -}}
  {{- end -}}
{{- end -}}

{{- define "obs.ingress.supportsPathType" -}}
  {{- or (eq (include "obs.ingress.isStable" .) "true") (and (eq (include "obs.ingress.apiVersion" .) "networking.k8s.io/v1beta1") (semverCompare ">= 1.18-0" (include "obs.kubeVersion" .))) -}}
{{- end -}}

{{- define "obs.ingress.isStable" -}}
  {{- eq (include "obs.ingress.apiVersion" .) "networking.k8s.io/v1" -}}
{{- end -}}

{{/* registry/repository:tag@sha256:sha of (list root image default-tag) */}}
{{- define "obs.image" -}}
{{- $root := first . -}}{{- $image := index . 1 -}}{{- $tag := index . 2 -}}
{{- $registry := $root.Values.global.imageRegistry | default $image.registry -}}
{{- $name := ternary $image.repository (printf "%s/%s" $registry $image.repository) (empty $registry) -}}
{{- if $image.sha -}}
{{ $name }}:{{ $image.tag | default $tag }}@sha256:{{ $image.sha }}
{{- else -}}
{{ $name }}:{{ $image.tag | default $tag }}
{{- end -}}
{{- end -}}

{{- define "obs.ingress" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- $paths := list .routePrefix -}}
{{- if $values.paths }}{{- $paths = $values.paths -}}{{- end -}}
apiVersion: {{ include "obs.ingress.apiVersion" $root }}
kind: Ingress
metadata:
{{- if $values.annotations }}
  annotations:
    {{- tpl (toYaml $values.annotations) $root | nindent 4 }}
{{- end }}
  name: {{ .name }}
  namespace: {{ template "obs.namespace" $root }}
  labels:
    app: {{ template "obs.name" $root }}-{{ .app }}
{{ include "obs.labels" $root | indent 4 }}
spec:
  {{- if $values.ingressClassName }}
  ingressClassName: {{ $values.ingressClassName }}
  {{- end }}
  rules:
  {{- if $values.hosts }}
  {{- range $host := $values.hosts }}
    - host: {{ tpl (toString $host) $root | quote }}
      http:
        paths:
  {{- range $p := $paths }}
          - path: {{ tpl $p $root }}
            {{- if and $values.pathType (eq (include "obs.ingress.supportsPathType" $root) "true") }}
            pathType: {{ $values.pathType }}
            {{- end }}
            backend:
              {{- if eq (include "obs.ingress.isStable" $root) "true" }}
              service:
                name: {{ $.name }}
                port:
                  number: {{ $.port }}
              {{- else }}
              serviceName: {{ $.name }}
              servicePort: {{ $.port }}
    {{- end }}
    {{- end -}}
  {{- end -}}
  {{- else }}
    - http:
        paths:
  {{- range $p := $paths }}
          - path: {{ $p }}
            backend: { service: { name: {{ $.name }}, port: { number: {{ $.port }} } } }
  {{- end -}}
  {{- end -}}
  {{- if $values.tls }}
  tls:
{{ tpl (toYaml $values.tls) $root | indent 4 }}
  {{- end -}}
{{- end -}}
