{{- define "commonlib.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}
  {{- if .scope }}
      {{- tpl (cat "{{- with $.Here -}}" $value "{{- end }}") (merge (dict "Here" .scope) .context) }}
  {{- else }}
    {{- tpl $value .context }}
  {{- end }}
{{- else }}
    {{- $value }}
{{- end }}
{{- end -}}

{{- define "commonlib.merge" -}}
{{- $dst := dict -}}
{{- range .values -}}
{{- $dst = include "commonlib.render" (dict "value" . "context" $.context "scope" $.scope) | fromYaml | merge $dst -}}
{{- end -}}
{{ $dst | toYaml }}
{{- end -}}

{{- define "commonlib.affinity" -}}
{{- $weight := default 1 .weight -}}
preferredDuringSchedulingIgnoredDuringExecution:
  - podAffinityTerm:
      labelSelector:
        matchLabels: {{- (include "commonlib.labels" ( dict "customLabels" .labels "context" .context )) | nindent 10 }}
      topologyKey: {{ default "kubernetes.io/hostname" .topologyKey }}
    weight: {{ $weight }}
{{- end -}}

{{- define "commonlib.labels" -}}
{{- if and (hasKey . "customLabels") (hasKey . "context") -}}
{{- $default := dict "app.kubernetes.io/name" .context.Chart.Name "helm.sh/chart" (printf "%s-%s" .context.Chart.Name .context.Chart.Version | replace "+" "_") "app.kubernetes.io/instance" .context.Release.Name -}}
{{- with .context.Chart.AppVersion -}}
{{- $_ := set $default "app.kubernetes.io/version" . -}}
{{- end -}}
{{ template "commonlib.merge" (dict "values" (list .customLabels $default) "context" .context) }}
{{- else -}}
app.kubernetes.io/name: {{ .Chart.Name }}
{{- end -}}
{{- end -}}
