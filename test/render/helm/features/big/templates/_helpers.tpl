{{- define "big.labels" -}}
app: {{ .Chart.Name }}
rel: {{ .Release.Name }}
{{- end }}
{{ define "app.name" }}overridden-{{ .Chart.Name }}{{ end }}
