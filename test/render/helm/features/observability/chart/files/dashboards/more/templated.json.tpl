{{- define "obs.inner" }}"{{ .Release.Name }}/{{ .x | default "none" }}"{{ end -}}
{
  "release": {{ include "obs.inner" . }},
  "legend": "{{`{{ instance }}`}}",
  "hosts": {{ .Values.alerts.ingress.hosts | toJson }},
  "nested": {{ tpl "{{ include \"obs.name\" . | quote }}" . }},
  "chart": {{ .Chart.Name | toJson }}, "sub": {{ keys .Subcharts | sortAlpha | toJson }}
}
