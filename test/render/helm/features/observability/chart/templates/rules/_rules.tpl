{{/*
One alert of a list of facts: dict "root" "group" "alert".
*/}}
{{- define "obs.rules.alert" -}}
{{- $alert := .alert -}}{{- $root := .root -}}
{{- $custom := get ($root.Values.customRules | default dict) $alert.name | default dict -}}
{{- if not (get ($root.Values.defaultRules.disabled | default dict) $alert.name) }}
- alert: {{ $alert.name }}
  annotations:
{{- if $root.Values.defaultRules.additionalRuleAnnotations }}
{{ toYaml $root.Values.defaultRules.additionalRuleAnnotations | indent 4 }}
{{- end }}
    description: {{ $alert.description | replace "\n" " " | trim | toYaml | indent 6 | trim }}
    runbook_url: {{ $root.Values.defaultRules.runbookUrl }}/{{ .group }}/{{ lower $alert.name }}
    summary: {{ $alert.summary | quote }}
  expr: |-
    {{- tpl $alert.expr $root | trim | nindent 4 }}
  for: {{ dig "for" $alert.for $custom }}
  {{- with $root.Values.defaultRules.keepFiringFor }}
  keep_firing_for: "{{ . }}"
  {{- end }}
  labels:
    severity: {{ dig "severity" $alert.severity $custom }}
    {{- $additional := merge (dict) (dig .group dict ($root.Values.defaultRules.additionalRuleGroupLabels | default dict)) $root.Values.defaultRules.additionalRuleLabels }}
    {{- with $additional }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end -}}
