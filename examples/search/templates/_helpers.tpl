{{- define "searchd.labels" -}}
{{ include "common.labels" . }}
app.kubernetes.io/component: engine
{{- end }}

{{/* The password that is there already wins; a new one is drawn once. */}}
{{- define "searchd.password" -}}
{{- $existing := lookup "v1" "Secret" .Release.Namespace (include "common.fullname" .) }}
{{- if .Values.auth.password }}
{{- .Values.auth.password }}
{{- else if and $existing $existing.data (hasKey $existing.data "password") }}
{{- index $existing.data "password" | b64dec }}
{{- else }}
{{- randAlphaNum 24 }}
{{- end }}
{{- end }}
