/**
 * The built-in kinds of Kubernetes 1.36.3: one type a line, in the notation of builtin-table.ts. Written by
 * scripts/generate-builtin-types.mjs; do not edit.
 */
export const BUILTIN_TYPES = `
admissionregistration.v1.ApplyConfiguration expression:s
admissionregistration.v1.AuditAnnotation key*#:s="" valueExpression*#:s=""
admissionregistration.v1.ExpressionWarning fieldRef*#:s="" warning*#:s=""
admissionregistration.v1.JSONPatch expression:s
admissionregistration.v1.MatchCondition expression*#:s="" name*#:s=""
admissionregistration.v1.MatchResources! excludeResourceRules:[$g matchPolicy&:s|Equivalent|Exact namespaceSelector&:$c5 objectSelector&:$c5 resourceRules:[$g
admissionregistration.v1.MutatingAdmissionPolicy apiVersion:s kind:s metadata:$c9+ spec:$b+
admissionregistration.v1.MutatingAdmissionPolicyBinding apiVersion:s kind:s metadata:$c9+ spec:$9+
admissionregistration.v1.MutatingAdmissionPolicyBindingList apiVersion:s items*#:[$7 kind:s metadata:$c7+
admissionregistration.v1.MutatingAdmissionPolicyBindingSpec matchResources&:$5 paramRef&:$i policyName:s
admissionregistration.v1.MutatingAdmissionPolicyList apiVersion:s items*#:[$6 kind:s metadata:$c7+
admissionregistration.v1.MutatingAdmissionPolicySpec failurePolicy&:s|Fail|Ignore matchConditions:<name>^^$4 matchConstraints&:$5 mutations:[$f paramKind&:$h reinvocationPolicy:s|IfNeeded|Never variables:[$x
admissionregistration.v1.MutatingWebhook admissionReviewVersions*#:[s clientConfig*#:$y+ failurePolicy&:s|Fail|Ignore matchConditions:<name>^^$4 matchPolicy&:s|Equivalent|Exact name*#:s="" namespaceSelector&:$c5 objectSelector&:$c5 reinvocationPolicy&:s|IfNeeded|Never rules:[$j sideEffects*&#:s|None|NoneOnDryRun|Some|Unknown timeoutSeconds&:i
admissionregistration.v1.MutatingWebhookConfiguration apiVersion:s kind:s metadata:$c9+ webhooks:<name>^^$c
admissionregistration.v1.MutatingWebhookConfigurationList apiVersion:s items*#:[$d kind:s metadata:$c7+
admissionregistration.v1.Mutation applyConfiguration&:$0 jsonPatch&:$3 patchType*#:s|ApplyConfiguration|JSONPatch=""
admissionregistration.v1.NamedRuleWithOperations! apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s scope&:s|*|Cluster|Namespaced
admissionregistration.v1.ParamKind! apiVersion:s kind:s
admissionregistration.v1.ParamRef! name:s namespace:s parameterNotFoundAction&:s selector&:$c5
admissionregistration.v1.RuleWithOperations apiGroups:[s apiVersions:[s operations:[s resources:[s scope&:s|*|Cluster|Namespaced
admissionregistration.v1.ServiceReference name*#:s="" namespace*#:s="" path&:s port&:i
admissionregistration.v1.TypeChecking expressionWarnings:[$2
admissionregistration.v1.ValidatingAdmissionPolicy apiVersion:s kind:s metadata:$c9+ spec:$r+ status:$s+
admissionregistration.v1.ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:$c9+ spec*:$p+
admissionregistration.v1.ValidatingAdmissionPolicyBindingList apiVersion:s items*#:[$n kind:s metadata:$c7+
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec matchResources&:$5 paramRef&:$i policyName*:s validationActions*:<>s
admissionregistration.v1.ValidatingAdmissionPolicyList apiVersion:s items*#:[$m kind:s metadata:$c7+
admissionregistration.v1.ValidatingAdmissionPolicySpec auditAnnotations:[$1 failurePolicy&:s|Fail|Ignore matchConditions:<name>^^$4 matchConstraints&:$5 paramKind&:$h validations:[$w variables:<name>^^$x
admissionregistration.v1.ValidatingAdmissionPolicyStatus conditions:<type>$c0 observedGeneration:l typeChecking&:$l
admissionregistration.v1.ValidatingWebhook admissionReviewVersions*#:[s clientConfig*#:$y+ failurePolicy&:s|Fail|Ignore matchConditions:<name>^^$4 matchPolicy&:s|Equivalent|Exact name*#:s="" namespaceSelector&:$c5 objectSelector&:$c5 rules:[$j sideEffects*&#:s|None|NoneOnDryRun|Some|Unknown timeoutSeconds&:i
admissionregistration.v1.ValidatingWebhookConfiguration apiVersion:s kind:s metadata:$c9+ webhooks:<name>^^$t
admissionregistration.v1.ValidatingWebhookConfigurationList apiVersion:s items*#:[$u kind:s metadata:$c7+
admissionregistration.v1.Validation expression*#:s="" message:s messageExpression:s reason&:s
admissionregistration.v1.Variable! expression*#:s="" name*#:s=""
admissionregistration.v1.WebhookClientConfig caBundle:y service&:$k url&:s
apiextensions.v1.CustomResourceColumnDefinition description:s format:s jsonPath*#:s="" name*#:s="" priority:i type*#:s=""
apiextensions.v1.CustomResourceConversion strategy*#:s="" webhook&:$1i
apiextensions.v1.CustomResourceDefinition apiVersion:s kind:s metadata:$c9+ spec*#:$15+ status:$16+
apiextensions.v1.CustomResourceDefinitionCondition lastTransitionTime:t message:s observedGeneration:l reason:s status*#:s="" type*#:s=""
apiextensions.v1.CustomResourceDefinitionList apiVersion:s items*#:[$11 kind:s metadata:$c7+
apiextensions.v1.CustomResourceDefinitionNames categories:[s kind*#:s="" listKind:s plural*#:s="" shortNames:[s singular:s
apiextensions.v1.CustomResourceDefinitionSpec conversion&:$10 group*#:s="" names*#:$14+ preserveUnknownFields:b scope*#:s="" versions*#:[$17
apiextensions.v1.CustomResourceDefinitionStatus acceptedNames#:$14+ conditions#:<type>$12 observedGeneration:l storedVersions#:[s
apiextensions.v1.CustomResourceDefinitionVersion additionalPrinterColumns:[$z deprecated:b deprecationWarning&:s name*#:s="" schema&:$1b selectableFields:[$1e served*#:b=false storage*#:b=false subresources&:$1a
apiextensions.v1.CustomResourceSubresourceScale labelSelectorPath&:s specReplicasPath*#:s="" statusReplicasPath*#:s=""
apiextensions.v1.CustomResourceSubresourceStatus ~
apiextensions.v1.CustomResourceSubresources scale&:$18 status&:$19
apiextensions.v1.CustomResourceValidation openAPIV3Schema&:$1d
apiextensions.v1.ExternalDocumentation description:s url:s
apiextensions.v1.JSONSchemaProps $ref&:s $schema:s additionalItems&:u additionalProperties&:u allOf:[$1d anyOf:[$1d default&:u definitions:{$1d dependencies:{u description:s enum:[u example&:u exclusiveMaximum:b exclusiveMinimum:b externalDocs&:$1c format:s id:s items&:u maxItems&:l maxLength&:l maxProperties&:l maximum&:d minItems&:l minLength&:l minProperties&:l minimum&:d multipleOf&:d not&:$1d nullable:b oneOf:[$1d pattern:s patternProperties:{$1d properties:{$1d required:[s title:s type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s x-kubernetes-list-type&:s x-kubernetes-map-type&:s x-kubernetes-preserve-unknown-fields&:b x-kubernetes-validations:<rule>^^$1g
apiextensions.v1.SelectableField jsonPath*#:s=""
apiextensions.v1.ServiceReference name*#:s="" namespace*#:s="" path&:s port&:i
apiextensions.v1.ValidationRule fieldPath:s message:s messageExpression:s optionalOldSelf&:b reason&:s|FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired rule*#:s=""
apiextensions.v1.WebhookClientConfig caBundle:y service&:$1f url&:s
apiextensions.v1.WebhookConversion clientConfig&:$1h conversionReviewVersions*#:[s
apiregistration.v1.APIService apiVersion:s kind:s metadata:$c9+ spec:$1m+ status:$1n+
apiregistration.v1.APIServiceCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
apiregistration.v1.APIServiceList apiVersion:s items*#:[$1j kind:s metadata:$c7+
apiregistration.v1.APIServiceSpec caBundle:y group:s groupPriorityMinimum*#:i=0 insecureSkipTLSVerify:b service&:$1o version:s versionPriority*#:i=0
apiregistration.v1.APIServiceStatus conditions:<type>^^$1k
apiregistration.v1.ServiceReference name:s namespace:s port&:i
apps.v1.ControllerRevision apiVersion:s data:w kind:s metadata:$c9+ revision*#:l=0
apps.v1.ControllerRevisionList apiVersion:s items*#:[$1p kind:s metadata:$c7+
apps.v1.DaemonSet apiVersion:s kind:s metadata:$c9+ spec:$1u+ status:$1v+
apps.v1.DaemonSetCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
apps.v1.DaemonSetList apiVersion:s items*#:[$1r kind:s metadata:$c7+
apps.v1.DaemonSetSpec minReadySeconds:i revisionHistoryLimit&:i selector*&#:$c5 template*#:$92+ updateStrategy:$1w+
apps.v1.DaemonSetStatus collisionCount&:i conditions:<type>^^$1s currentNumberScheduled*#:i=0 desiredNumberScheduled*#:i=0 numberAvailable:i numberMisscheduled*#:i=0 numberReady*#:i=0 numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
apps.v1.DaemonSetUpdateStrategy rollingUpdate&:$28 type:s|OnDelete|RollingUpdate
apps.v1.Deployment apiVersion:s kind:s metadata:$c9+ spec:$20+ status:$21+
apps.v1.DeploymentCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s status*#:s="" type*#:s=""
apps.v1.DeploymentList apiVersion:s items*#:[$1x kind:s metadata:$c7+
apps.v1.DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds&:i replicas&:i revisionHistoryLimit&:i selector*&#:$c5 strategy:%$22+ template*#:$92+
apps.v1.DeploymentStatus availableReplicas:i collisionCount&:i conditions:<type>^^$1y observedGeneration:l readyReplicas:i replicas:i terminatingReplicas&:i unavailableReplicas:i updatedReplicas:i
apps.v1.DeploymentStrategy rollingUpdate&:$29 type:s|Recreate|RollingUpdate
apps.v1.ReplicaSet apiVersion:s kind:s metadata:$c9+ spec:$26+ status:$27+
apps.v1.ReplicaSetCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
apps.v1.ReplicaSetList apiVersion:s items*#:[$23 kind:s metadata:$c7+
apps.v1.ReplicaSetSpec minReadySeconds:i replicas&:i selector*&#:$c5 template:$92+
apps.v1.ReplicaSetStatus availableReplicas:i conditions:<type>^^$24 fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas*#:i=0 terminatingReplicas&:i
apps.v1.RollingUpdateDaemonSet maxSurge&:x maxUnavailable&:x
apps.v1.RollingUpdateDeployment maxSurge&:x maxUnavailable&:x
apps.v1.RollingUpdateStatefulSetStrategy maxUnavailable&:x partition&:i
apps.v1.StatefulSet apiVersion:s kind:s metadata:$c9+ spec:$2g+ status:$2h+
apps.v1.StatefulSetCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
apps.v1.StatefulSetList apiVersion:s items*#:[$2b kind:s metadata:$c7+
apps.v1.StatefulSetOrdinals start#:i=0
apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
apps.v1.StatefulSetSpec minReadySeconds:i ordinals&:$2e persistentVolumeClaimRetentionPolicy&:$2f podManagementPolicy:s|OrderedReady|Parallel replicas&:i revisionHistoryLimit&:i selector*&#:$c5 serviceName#:s="" template*#:$92+ updateStrategy:$2i+ volumeClaimTemplates:[$85
apps.v1.StatefulSetStatus availableReplicas#:i=0 collisionCount&:i conditions:<type>^^$2c currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas*#:i=0 updateRevision:s updatedReplicas:i
apps.v1.StatefulSetUpdateStrategy rollingUpdate&:$2a type:s|OnDelete|RollingUpdate
authentication.v1.BoundObjectReference apiVersion:s kind:s name:s uid:s
authentication.v1.SelfSubjectReview apiVersion:s kind:s metadata:$c9+ status:$2l+
authentication.v1.SelfSubjectReviewStatus userInfo:$2s+
authentication.v1.TokenRequest apiVersion:s kind:s metadata:$c9+ spec#:$2n+ status:$2o+
authentication.v1.TokenRequestSpec audiences#:[s boundObjectRef&#:$2j expirationSeconds&#:l
authentication.v1.TokenRequestStatus expirationTimestamp#:t token#:s=""
authentication.v1.TokenReview apiVersion:s kind:s metadata:$c9+ spec*#:$2q+ status:$2r+
authentication.v1.TokenReviewSpec audiences:[s token*:s
authentication.v1.TokenReviewStatus audiences:[s authenticated:b error:s user:$2s+
authentication.v1.UserInfo extra:{[s groups:[s uid:s username:s
authorization.v1.FieldSelectorAttributes rawSelector:s requirements:[$c2
authorization.v1.LabelSelectorAttributes rawSelector:s requirements:[$c6
authorization.v1.LocalSubjectAccessReview apiVersion:s kind:s metadata:$c9+ spec*#:$35+ status:$36+
authorization.v1.NonResourceAttributes path:s verb:s
authorization.v1.NonResourceRule nonResourceURLs:[s verbs*#:[s
authorization.v1.ResourceAttributes fieldSelector&:$2t group:s labelSelector&:$2u name:s namespace:s resource:s subresource:s verb:s version:s
authorization.v1.ResourceRule apiGroups:[s resourceNames:[s resources:[s verbs*#:[s
authorization.v1.SelfSubjectAccessReview apiVersion:s kind:s metadata:$c9+ spec*#:$31+ status:$36+
authorization.v1.SelfSubjectAccessReviewSpec nonResourceAttributes&:$2w resourceAttributes&:$2y
authorization.v1.SelfSubjectRulesReview apiVersion:s kind:s metadata:$c9+ spec*#:$33+ status:$37+
authorization.v1.SelfSubjectRulesReviewSpec namespace:s
authorization.v1.SubjectAccessReview apiVersion:s kind:s metadata:$c9+ spec*#:$35+ status:$36+
authorization.v1.SubjectAccessReviewSpec extra:{[s groups:[s nonResourceAttributes&:$2w resourceAttributes&:$2y uid:s user:s
authorization.v1.SubjectAccessReviewStatus allowed*#:b=false denied:b evaluationError:s reason:s
authorization.v1.SubjectRulesReviewStatus evaluationError:s incomplete*#:b=false nonResourceRules*#:[$2x resourceRules*#:[$2z
autoscaling.v1.CrossVersionObjectReference! apiVersion:s kind*#:s="" name*#:s=""
autoscaling.v1.HorizontalPodAutoscaler apiVersion:s kind:s metadata:$c9+ spec*:$3b+ status:$3c+
autoscaling.v1.HorizontalPodAutoscalerList apiVersion:s items*#:[$39 kind:s metadata:$c7+
autoscaling.v1.HorizontalPodAutoscalerSpec maxReplicas*#:i=0 minReplicas&:i scaleTargetRef*#:$38+ targetCPUUtilizationPercentage&:i
autoscaling.v1.HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage&:i currentReplicas*#:i=0 desiredReplicas*#:i=0 lastScaleTime&:t observedGeneration&:l
autoscaling.v1.Scale apiVersion:s kind:s metadata:$c9+ spec:$3e+ status:$3f+
autoscaling.v1.ScaleSpec replicas:i=0
autoscaling.v1.ScaleStatus replicas*#:i=0 selector:s
autoscaling.v2.ContainerResourceMetricSource container*#:s="" name*#:s="" target*#:$3w+
autoscaling.v2.ContainerResourceMetricStatus container*#:s="" current*#:$3x+ name*#:s=""
autoscaling.v2.CrossVersionObjectReference apiVersion:s kind*#:s="" name*#:s=""
autoscaling.v2.ExternalMetricSource metric*#:$3t+ target*#:$3w+
autoscaling.v2.ExternalMetricStatus current*#:$3x+ metric*#:$3t+
autoscaling.v2.HPAScalingPolicy periodSeconds*#:i=0 type*#:s="" value*#:i=0
autoscaling.v2.HPAScalingRules policies:[$3l selectPolicy&:s stabilizationWindowSeconds&:i tolerance&:q
autoscaling.v2.HorizontalPodAutoscaler apiVersion:s kind:s metadata:$c9+ spec*:$3r+ status:$3s+
autoscaling.v2.HorizontalPodAutoscalerBehavior scaleDown&:$3m scaleUp&:$3m
autoscaling.v2.HorizontalPodAutoscalerCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
autoscaling.v2.HorizontalPodAutoscalerList apiVersion:s items*#:[$3n kind:s metadata:$c7+
autoscaling.v2.HorizontalPodAutoscalerSpec behavior&:$3o maxReplicas*#:i=0 metrics:[$3u minReplicas&:i scaleTargetRef*#:$3i+
autoscaling.v2.HorizontalPodAutoscalerStatus conditions:<type>^^$3p currentMetrics#:[$3v currentReplicas:i desiredReplicas*#:i=0 lastScaleTime&:t observedGeneration&:l
autoscaling.v2.MetricIdentifier name*#:s="" selector&:$c5
autoscaling.v2.MetricSpec containerResource&:$3g external&:$3j object&:$3y pods&:$40 resource&:$42 type*#:s=""
autoscaling.v2.MetricStatus containerResource&:$3h external&:$3k object&:$3z pods&:$41 resource&:$43 type*#:s=""
autoscaling.v2.MetricTarget averageUtilization&:i averageValue&:q type*#:s="" value&:q
autoscaling.v2.MetricValueStatus averageUtilization&:i averageValue&:q value&:q
autoscaling.v2.ObjectMetricSource describedObject*#:$3i+ metric*#:$3t+ target*#:$3w+
autoscaling.v2.ObjectMetricStatus current*#:$3x+ describedObject*#:$3i+ metric*#:$3t+
autoscaling.v2.PodsMetricSource metric*#:$3t+ target*#:$3w+
autoscaling.v2.PodsMetricStatus current*#:$3x+ metric*#:$3t+
autoscaling.v2.ResourceMetricSource name*#:s="" target*#:$3w+
autoscaling.v2.ResourceMetricStatus current*#:$3x+ name*#:s=""
batch.v1.CronJob apiVersion:s kind:s metadata:$c9+ spec*:$46+ status:$47+
batch.v1.CronJobList apiVersion:s items*#:[$44 kind:s metadata:$c7+
batch.v1.CronJobSpec concurrencyPolicy:s|Allow|Forbid|Replace failedJobsHistoryLimit&:i jobTemplate*#:$4d+ schedule*#:s="" startingDeadlineSeconds&:l successfulJobsHistoryLimit&:i suspend&:b timeZone&:s
batch.v1.CronJobStatus active:[$83 lastScheduleTime&:t lastSuccessfulTime&:t
batch.v1.Job apiVersion:s kind:s metadata:$c9+ spec:$4b+ status:$4c+
batch.v1.JobCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
batch.v1.JobList apiVersion:s items*#:[$48 kind:s metadata:$c7+
batch.v1.JobSpec activeDeadlineSeconds&:l backoffLimit&:i backoffLimitPerIndex&:i completionMode&:s|Indexed|NonIndexed completions&:i managedBy&:s manualSelector&:b maxFailedIndexes&:i parallelism&:i podFailurePolicy&:$4e podReplacementPolicy&:s|Failed|TerminatingOrFailed selector&:$c5 successPolicy&:$4i suspend&:b template*#:$92+ ttlSecondsAfterFinished&:i
batch.v1.JobStatus active:i completedIndexes:s completionTime&:t conditions:[^type^$49 failed:i failedIndexes&:s ready&:i startTime&:t succeeded:i terminating&:i uncountedTerminatedPods&:$4k
batch.v1.JobTemplateSpec metadata:$c9+ spec:$4b+
batch.v1.PodFailurePolicy rules*#:[$4h
batch.v1.PodFailurePolicyOnExitCodesRequirement containerName&:s operator*#:s|In|NotIn="" values*#:<>i
batch.v1.PodFailurePolicyOnPodConditionsPattern status#:s="" type*#:s=""
batch.v1.PodFailurePolicyRule action*#:s|Count|FailIndex|FailJob|Ignore="" onExitCodes&:$4f onPodConditions:[$4g
batch.v1.SuccessPolicy rules*#:[$4j
batch.v1.SuccessPolicyRule succeededCount&:i succeededIndexes&:s
batch.v1.UncountedTerminatedPods failed:<>s succeeded:<>s
certificates.v1.CertificateSigningRequest apiVersion:s kind:s metadata:$c9+ spec*#:$4o+ status:$4p+
certificates.v1.CertificateSigningRequestCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s status*#:s="" type*#:s=""
certificates.v1.CertificateSigningRequestList apiVersion:s items*#:[$4l kind:s metadata:$c7+
certificates.v1.CertificateSigningRequestSpec expirationSeconds&:i extra:{[s groups:[s request*#:y signerName*#:s="" uid:s usages:[s username:s
certificates.v1.CertificateSigningRequestStatus certificate:y conditions:<type>$4m
coordination.v1.Lease apiVersion:s kind:s metadata:$c9+ spec:$4s+
coordination.v1.LeaseList apiVersion:s items*#:[$4q kind:s metadata:$c7+
coordination.v1.LeaseSpec acquireTime&:m holderIdentity&:s leaseDurationSeconds&:i leaseTransitions&:i preferredHolder&:s renewTime&:m strategy&:s
core.v1.AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID*#:s=""
core.v1.Affinity nodeAffinity&:$7l podAffinity&:$8h podAntiAffinity&:$8j
core.v1.AppArmorProfile localhostProfile&:s type*#:s|Localhost|RuntimeDefault|Unconfined=""
core.v1.AttachedVolume devicePath*#:s="" name*#:s=""
core.v1.AzureDiskVolumeSource cachingMode&:s|None|ReadOnly|ReadWrite="ReadWrite" diskName*#:s="" diskURI*#:s="" fsType&:s="ext4" kind&:s|Dedicated|Managed|Shared="Shared" readOnly&:b=false
core.v1.AzureFilePersistentVolumeSource readOnly:b secretName*#:s="" secretNamespace&#:s shareName*#:s=""
core.v1.AzureFileVolumeSource readOnly:b secretName*#:s="" shareName*#:s=""
core.v1.Binding apiVersion:s kind:s metadata:$c9+ target*#:$83+
core.v1.CSIPersistentVolumeSource controllerExpandSecretRef&:$a0 controllerPublishSecretRef&:$a0 driver*#:s="" fsType:s nodeExpandSecretRef&:$a0 nodePublishSecretRef&:$a0 nodeStageSecretRef&:$a0 readOnly:b volumeAttributes:{s volumeHandle*#:s=""
core.v1.CSIVolumeSource driver*#:s="" fsType&:s nodePublishSecretRef&:$7a readOnly&:b volumeAttributes:{s
core.v1.Capabilities add:[s drop:[s
core.v1.CephFSPersistentVolumeSource monitors*#:[s path:s readOnly:b secretFile:s secretRef&:$a0 user:s
core.v1.CephFSVolumeSource monitors*#:[s path:s readOnly:b secretFile:s secretRef&:$7a user:s
core.v1.CinderPersistentVolumeSource fsType:s readOnly:b secretRef&:$a0 volumeID*#:s=""
core.v1.CinderVolumeSource fsType:s readOnly:b secretRef&:$7a volumeID*#:s=""
core.v1.ClientIPConfig timeoutSeconds&:i
core.v1.ClusterTrustBundleProjection labelSelector&:$c5 name&:s optional&:b path*#:s="" signerName&:s
core.v1.ComponentCondition error:s message:s status*#:s="" type*#:s=""
core.v1.ComponentStatus apiVersion:s conditions:<type>^^$5a kind:s metadata:$c9+
core.v1.ComponentStatusList apiVersion:s items*#:[$5b kind:s metadata:$c7+
core.v1.ConfigMap apiVersion:s binaryData:{y data:{s immutable&:b kind:s metadata:$c9+
core.v1.ConfigMapEnvSource name:s="" optional&:b
core.v1.ConfigMapKeySelector! key*#:s="" name:s="" optional&:b
core.v1.ConfigMapList apiVersion:s items*#:[$5d kind:s metadata:$c7+
core.v1.ConfigMapNodeConfigSource kubeletConfigKey*#:s="" name*#:s="" namespace*#:s="" resourceVersion:s uid:s
core.v1.ConfigMapProjection items:[$70 name:s="" optional&:b
core.v1.ConfigMapVolumeSource defaultMode&:i items:[$70 name:s="" optional&:b
core.v1.Container args:[s command:[s env:<name>^^$68 envFrom:[$67 image:s imagePullPolicy:s|Always|IfNotPresent|Never lifecycle&:$71 livenessProbe&:$96 name*#:s="" ports:<containerPort,protocol>^^$5n readinessProbe&:$96 resizePolicy:[$5o resources:$9n+ restartPolicy&:s restartPolicyRules:[$5p securityContext&:$a2 startupProbe&:$96 stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s|FallbackToLogsOnError|File tty:b volumeDevices:<devicePath>^^$ap volumeMounts:<mountPath>^^$aq workingDir:s
core.v1.ContainerExtendedResourceRequest containerName*#:s="" requestName*#:s="" resourceName*#:s=""
core.v1.ContainerImage names#:[s sizeBytes:l
core.v1.ContainerPort containerPort*#:i=0 hostIP:s hostPort:i name:s protocol:s|SCTP|TCP|UDP="TCP"
core.v1.ContainerResizePolicy resourceName*#:s="" restartPolicy*#:s=""
core.v1.ContainerRestartRule action*:s exitCodes&:$5q
core.v1.ContainerRestartRuleOnExitCodes operator*:s values:<>i
core.v1.ContainerState running&:$5s terminated&:$5t waiting&:$5u
core.v1.ContainerStateRunning startedAt:t
core.v1.ContainerStateTerminated containerID:s exitCode*#:i=0 finishedAt:t message:s reason:s signal:i startedAt:t
core.v1.ContainerStateWaiting message:s reason:s
core.v1.ContainerStatus allocatedResources:{q allocatedResourcesStatus:<name>^^$9o containerID:s image*#:s="" imageID*#:s="" lastState:$5r+ name*#:s="" ready*#:b=false resources&:$9n restartCount*#:i=0 started&:b state:$5r+ stopSignal&:s|SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ user&:$5w volumeMounts:<mountPath>^^$ar
core.v1.ContainerUser linux&:$77
core.v1.DaemonEndpoint Port*#:i=0
core.v1.DownwardAPIProjection items:[$5z
core.v1.DownwardAPIVolumeFile fieldRef&:$82 mode&:i path*#:s="" resourceFieldRef&:$9h
core.v1.DownwardAPIVolumeSource defaultMode&:i items:[$5z
core.v1.EmptyDirVolumeSource medium:s sizeLimit&:q
core.v1.EndpointAddress! hostname:s ip*#:s="" nodeName&:s targetRef&:$83
core.v1.EndpointPort! appProtocol&:s name:s port*#:i=0 protocol:s|SCTP|TCP|UDP
core.v1.EndpointSubset addresses:[$62 notReadyAddresses:[$62 ports:[$63
core.v1.Endpoints apiVersion:s kind:s metadata:$c9+ subsets:[$64
core.v1.EndpointsList apiVersion:s items*#:[$65 kind:s metadata:$c7+
core.v1.EnvFromSource configMapRef&:$5e prefix:s secretRef&:$9w
core.v1.EnvVar name*#:s="" value:s valueFrom&:$69
core.v1.EnvVarSource configMapKeyRef&:$5f fieldRef&:$82 fileKeyRef&:$6i resourceFieldRef&:$9h secretKeyRef&:$9x
core.v1.EphemeralContainer args:[s command:[s env:<name>^^$68 envFrom:[$67 image:s imagePullPolicy:s|Always|IfNotPresent|Never lifecycle&:$71 livenessProbe&:$96 name*#:s="" ports:<containerPort,protocol>^^$5n readinessProbe&:$96 resizePolicy:[$5o resources:$9n+ restartPolicy&:s restartPolicyRules:[$5p securityContext&:$a2 startupProbe&:$96 stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s|FallbackToLogsOnError|File tty:b volumeDevices:<devicePath>^^$ap volumeMounts:<mountPath>^^$aq workingDir:s
core.v1.EphemeralVolumeSource volumeClaimTemplate&:$8a
core.v1.Event action:s apiVersion:s count:i eventTime:m firstTimestamp:t involvedObject*#:$83+ kind:s lastTimestamp:t message:s metadata*#:$c9+ reason:s related&:$83 reportingComponent#:s="" reportingInstance#:s="" series&:$6e source:$6f+ type:s
core.v1.EventList apiVersion:s items*#:[$6c kind:s metadata:$c7+
core.v1.EventSeries count:i lastObservedTime:m
core.v1.EventSource component:s host:s
core.v1.ExecAction command:[s
core.v1.FCVolumeSource fsType:s lun&:i readOnly:b targetWWNs:[s wwids:[s
core.v1.FileKeySelector! key*#:s="" optional&:b=false path*#:s="" volumeName*#:s=""
core.v1.FlexPersistentVolumeSource driver*#:s="" fsType:s options:{s readOnly:b secretRef&:$a0
core.v1.FlexVolumeSource driver*#:s="" fsType:s options:{s readOnly:b secretRef&:$7a
core.v1.FlockerVolumeSource datasetName:s datasetUUID:s
core.v1.GCEPersistentDiskVolumeSource fsType:s partition:i pdName*#:s="" readOnly:b
core.v1.GRPCAction port*#:i=0 service&#:s=""
core.v1.GitRepoVolumeSource directory:s repository*#:s="" revision:s
core.v1.GlusterfsPersistentVolumeSource endpoints*#:s="" endpointsNamespace&:s path*#:s="" readOnly:b
core.v1.GlusterfsVolumeSource endpoints*#:s="" path*#:s="" readOnly:b
core.v1.HTTPGetAction host:s httpHeaders:[$6s path:s port*#:x scheme:s|HTTP|HTTPS
core.v1.HTTPHeader name*#:s="" value*#:s=""
core.v1.HostAlias hostnames:[s ip*#:s=""
core.v1.HostIP ip*#:s=""
core.v1.HostPathVolumeSource path*#:s="" type&:s||BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket
core.v1.ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName&:s iqn*#:s="" iscsiInterface:s="default" lun*#:i=0 portals:[s readOnly:b secretRef&:$a0 targetPortal*#:s=""
core.v1.ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName&:s iqn*#:s="" iscsiInterface:s="default" lun*#:i=0 portals:[s readOnly:b secretRef&:$7a targetPortal*#:s=""
core.v1.ImageVolumeSource pullPolicy:s|Always|IfNotPresent|Never reference:s
core.v1.ImageVolumeStatus imageRef*:s
core.v1.KeyToPath key*#:s="" mode&:i path*#:s=""
core.v1.Lifecycle postStart&:$72 preStop&:$72 stopSignal&:s|SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ
core.v1.LifecycleHandler exec&:$6g httpGet&:$6r sleep&:$ac tcpSocket&:$ag
core.v1.LimitRange apiVersion:s kind:s metadata:$c9+ spec:$76+
core.v1.LimitRangeItem default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type*#:s=""
core.v1.LimitRangeList apiVersion:s items*#:[$73 kind:s metadata:$c7+
core.v1.LimitRangeSpec limits*#:[$74
core.v1.LinuxContainerUser gid*#:l=0 supplementalGroups:[l uid*#:l=0
core.v1.LoadBalancerIngress hostname:s ip:s ipMode&:s ports:[$93
core.v1.LoadBalancerStatus ingress:[$78
core.v1.LocalObjectReference! name:s=""
core.v1.LocalVolumeSource fsType&:s path*#:s=""
core.v1.ModifyVolumeStatus status*#:s|InProgress|Infeasible|Pending="" targetVolumeAttributesClassName:s
core.v1.NFSVolumeSource path*#:s="" readOnly:b server*#:s=""
core.v1.Namespace apiVersion:s kind:s metadata:$c9+ spec:$7h+ status:$7i+
core.v1.NamespaceCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
core.v1.NamespaceList apiVersion:s items*#:[$7e kind:s metadata:$c7+
core.v1.NamespaceSpec finalizers:[s
core.v1.NamespaceStatus conditions:<type>^^$7f phase:s|Active|Terminating
core.v1.Node apiVersion:s kind:s metadata:$c9+ spec:$7y+ status:$7z+
core.v1.NodeAddress address*#:s="" type*#:s=""
core.v1.NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[$95 requiredDuringSchedulingIgnoredDuringExecution&:$7v
core.v1.NodeAllocatableResourceClaimStatus containers:<>s resourceClaimName*#:s="" resources*#:{q
core.v1.NodeCondition lastHeartbeatTime:t lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
core.v1.NodeConfigSource configMap&:$5h
core.v1.NodeConfigStatus active&:$7o assigned&:$7o error:s lastKnownGood&:$7o
core.v1.NodeDaemonEndpoints kubeletEndpoint:$5x+
core.v1.NodeFeatures supplementalGroupsPolicy&:b
core.v1.NodeList apiVersion:s items*#:[$7j kind:s metadata:$c7+
core.v1.NodeRuntimeHandler features&:$7u name#:s=""
core.v1.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts&:b userNamespaces&:b
core.v1.NodeSelector! nodeSelectorTerms*#:[$7x
core.v1.NodeSelectorRequirement key*#:s="" operator*#:s|DoesNotExist|Exists|Gt|In|Lt|NotIn="" values:[s
core.v1.NodeSelectorTerm! matchExpressions:[$7w matchFields:[$7w
core.v1.NodeSpec configSource&:$7o externalID:s podCIDR:s podCIDRs:<>^^s providerID:s taints:[$ah unschedulable:b
core.v1.NodeStatus addresses:<type>^^$7k allocatable:{q capacity:{q conditions:<type>^^$7n config&:$7p daemonEndpoints:$7q+ declaredFeatures:[s features&:$7r images:[$5m nodeInfo:$81+ phase:s|Pending|Running|Terminated runtimeHandlers:[$7t volumesAttached:[$4w volumesInUse:[s
core.v1.NodeSwapStatus capacity&:l
core.v1.NodeSystemInfo architecture*#:s="" bootID*#:s="" containerRuntimeVersion*#:s="" kernelVersion*#:s="" kubeProxyVersion*#:s="" kubeletVersion*#:s="" machineID*#:s="" operatingSystem*#:s="" osImage*#:s="" swap&:$80 systemUUID*#:s=""
core.v1.ObjectFieldSelector! apiVersion:s fieldPath*#:s=""
core.v1.ObjectReference! apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
core.v1.PersistentVolume apiVersion:s kind:s metadata:$c9+ spec:$8d+ status:$8e+
core.v1.PersistentVolumeClaim apiVersion:s kind:s metadata:$c9+ spec:$88+ status:$89+
core.v1.PersistentVolumeClaimCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
core.v1.PersistentVolumeClaimList apiVersion:s items*#:[$85 kind:s metadata:$c7+
core.v1.PersistentVolumeClaimSpec accessModes:[s dataSource&:$am dataSourceRef&:$an resources:$au+ selector&:$c5 storageClassName&:s volumeAttributesClassName&:s volumeMode&:s|Block|Filesystem volumeName:s
core.v1.PersistentVolumeClaimStatus accessModes:[s allocatedResourceStatuses:{s allocatedResources:{q capacity:{q conditions:<type>^^$86 currentVolumeAttributesClassName&:s modifyVolumeStatus&:$7c phase:s|Bound|Lost|Pending
core.v1.PersistentVolumeClaimTemplate metadata:$c9+ spec*#:$88+
core.v1.PersistentVolumeClaimVolumeSource claimName*#:s="" readOnly:b
core.v1.PersistentVolumeList apiVersion:s items*#:[$84 kind:s metadata:$c7+
core.v1.PersistentVolumeSpec accessModes:[s awsElasticBlockStore&:$4t azureDisk&:$4x azureFile&:$4y capacity:{q cephfs&:$54 cinder&:$56 claimRef&:-$83 csi&:$51 fc&:$6h flexVolume&:$6j flocker&:$6l gcePersistentDisk&:$6m glusterfs&:$6p hostPath&:$6v iscsi&:$6w local&:$7b mountOptions:[s nfs&:$7d nodeAffinity&:$as persistentVolumeReclaimPolicy:s|Delete|Recycle|Retain photonPersistentDisk&:$8f portworxVolume&:$94 quobyte&:$98 rbd&:$99 scaleIO&:$9q storageClassName:s storageos&:$ad volumeAttributesClassName&:s volumeMode&:s|Block|Filesystem vsphereVolume&:$aw
core.v1.PersistentVolumeStatus lastPhaseTransitionTime&:t message:s phase:s|Available|Bound|Failed|Pending|Released reason:s
core.v1.PhotonPersistentDiskVolumeSource fsType:s pdID*#:s=""
core.v1.Pod apiVersion:s kind:s metadata:$c9+ spec:$8y+ status:$8z+
core.v1.PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[$ax requiredDuringSchedulingIgnoredDuringExecution:[$8i
core.v1.PodAffinityTerm labelSelector&:$c5 matchLabelKeys:[s mismatchLabelKeys:[s namespaceSelector&:$c5 namespaces:[s topologyKey*#:s=""
core.v1.PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[$ax requiredDuringSchedulingIgnoredDuringExecution:[$8i
core.v1.PodCertificateProjection certificateChainPath:s credentialBundlePath:s keyPath:s keyType*:s maxExpirationSeconds&:i signerName*:s userAnnotations:{s
core.v1.PodCondition lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s status*#:s="" type*#:s=""
core.v1.PodDNSConfig nameservers:[s options:[$8n searches:[s
core.v1.PodDNSConfigOption name:s value&:s
core.v1.PodExtendedResourceClaimStatus requestMappings*#:[$5l resourceClaimName*#:s=""
core.v1.PodIP ip*#:s=""
core.v1.PodList apiVersion:s items*#:[$8g kind:s metadata:$c7+
core.v1.PodOS name*#:s=""
core.v1.PodReadinessGate conditionType*#:s=""
core.v1.PodResourceClaim name*#:s="" resourceClaimName&:s resourceClaimTemplateName&:s
core.v1.PodResourceClaimStatus name*#:s="" resourceClaimName&:s
core.v1.PodSchedulingGate name*#:s=""
core.v1.PodSchedulingGroup podGroupName&:s
core.v1.PodSecurityContext appArmorProfile&:$4v fsGroup&:l fsGroupChangePolicy&:s|Always|OnRootMismatch runAsGroup&:l runAsNonRoot&:b runAsUser&:l seLinuxChangePolicy&:s seLinuxOptions&:$9p seccompProfile&:$9u supplementalGroups:[l supplementalGroupsPolicy&:s|Merge|Strict sysctls:[$af windowsOptions&:$ay
core.v1.PodSpec activeDeadlineSeconds&:l affinity&:$4u automountServiceAccountToken&:b containers*#:<name>^^$5k dnsConfig&:$8m dnsPolicy:s|ClusterFirst|ClusterFirstWithHostNet|Default|None enableServiceLinks&:b ephemeralContainers:<name>^^$6a hostAliases:<ip>^^$6t hostIPC:b hostNetwork:b hostPID:b hostUsers&:b hostname:s hostnameOverride&:s imagePullSecrets:<name>^^$7a initContainers:<name>^^$5k nodeName:s nodeSelector:!{s os&:$8r overhead:{q preemptionPolicy&:s|Never|PreemptLowerPriority priority&:i priorityClassName:s readinessGates:[$8s resourceClaims:%<name>^^$8t resources&:$9n restartPolicy:s|Always|Never|OnFailure runtimeClassName&:s schedulerName:s schedulingGates:<name>^^$8v schedulingGroup&:$8w securityContext&:$8x serviceAccount:s serviceAccountName:s setHostnameAsFQDN&:b shareProcessNamespace&:b subdomain:s terminationGracePeriodSeconds&:l tolerations:[$ai topologySpreadConstraints:<topologyKey,whenUnsatisfiable>^^$al volumes:%<name>^^$ao
core.v1.PodStatus allocatedResources:{q conditions:<type>^^$8l containerStatuses:[$5v ephemeralContainerStatuses:[$5v extendedResourceClaimStatus&:$8o hostIP:s hostIPs:[^ip^$6u initContainerStatuses:[$5v message:s nodeAllocatableResourceClaimStatuses:[$7m nominatedNodeName:s observedGeneration:l phase:s|Failed|Pending|Running|Succeeded|Unknown podIP:s podIPs:<ip>^^$8p qosClass:s|BestEffort|Burstable|Guaranteed reason:s resize:s resourceClaimStatuses:%<name>^^$8u resources&:$9n startTime&:t
core.v1.PodTemplate apiVersion:s kind:s metadata:$c9+ template:$92+
core.v1.PodTemplateList apiVersion:s items*#:[$90 kind:s metadata:$c7+
core.v1.PodTemplateSpec metadata:$c9+ spec:$8y+
core.v1.PortStatus error&:s port*#:i=0 protocol*#:s|SCTP|TCP|UDP=""
core.v1.PortworxVolumeSource fsType:s readOnly:b volumeID*#:s=""
core.v1.PreferredSchedulingTerm preference*#:$7x+ weight*#:i=0
core.v1.Probe exec&:$6g failureThreshold:i grpc&:$6n httpGet&:$6r initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket&:$ag terminationGracePeriodSeconds&:l timeoutSeconds:i
core.v1.ProjectedVolumeSource defaultMode&:i sources#:[$at
core.v1.QuobyteVolumeSource group:s readOnly:b registry*#:s="" tenant:s user:s volume*#:s=""
core.v1.RBDPersistentVolumeSource fsType:s image*#:s="" keyring:s="/etc/ceph/keyring" monitors*#:[s pool:s="rbd" readOnly:b secretRef&:$a0 user:s="admin"
core.v1.RBDVolumeSource fsType:s image*#:s="" keyring:s="/etc/ceph/keyring" monitors*#:[s pool:s="rbd" readOnly:b secretRef&:$7a user:s="admin"
core.v1.ReplicationController apiVersion:s kind:s metadata:$c9+ spec:$9e+ status:$9f+
core.v1.ReplicationControllerCondition lastTransitionTime:t message:s reason:s status*#:s="" type*#:s=""
core.v1.ReplicationControllerList apiVersion:s items*#:[$9b kind:s metadata:$c7+
core.v1.ReplicationControllerSpec minReadySeconds:i=0 replicas&:i=1 selector:!{s template&:$92
core.v1.ReplicationControllerStatus availableReplicas:i conditions:<type>^^$9c fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas*#:i=0
core.v1.ResourceClaim name*#:s="" request:s
core.v1.ResourceFieldSelector! containerName:s divisor:q resource*#:s=""
core.v1.ResourceHealth health:s message&:s resourceID*#:s=""
core.v1.ResourceQuota apiVersion:s kind:s metadata:$c9+ spec:$9l+ status:$9m+
core.v1.ResourceQuotaList apiVersion:s items*#:[$9j kind:s metadata:$c7+
core.v1.ResourceQuotaSpec hard:{q scopeSelector&:$9s scopes:[s
core.v1.ResourceQuotaStatus hard:{q used:{q
core.v1.ResourceRequirements claims:<name>$9g limits:{q requests:{q
core.v1.ResourceStatus name*#:s="" resources:<resourceID>$9i
core.v1.SELinuxOptions level:s role:s type:s user:s
core.v1.ScaleIOPersistentVolumeSource fsType:s="xfs" gateway*#:s="" protectionDomain:s readOnly:b secretRef*&#:$a0 sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system*#:s="" volumeName:s
core.v1.ScaleIOVolumeSource fsType:s="xfs" gateway*#:s="" protectionDomain:s readOnly:b secretRef*&#:$7a sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system*#:s="" volumeName:s
core.v1.ScopeSelector! matchExpressions:[$9t
core.v1.ScopedResourceSelectorRequirement operator*#:s|DoesNotExist|Exists|In|NotIn="" scopeName*#:s|BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass="" values:[s
core.v1.SeccompProfile localhostProfile&:s type*#:s|Localhost|RuntimeDefault|Unconfined=""
core.v1.Secret apiVersion:s data:{y immutable&:b kind:s metadata:$c9+ stringData:{s type:s
core.v1.SecretEnvSource name:s="" optional&:b
core.v1.SecretKeySelector! key*#:s="" name:s="" optional&:b
core.v1.SecretList apiVersion:s items*#:[$9v kind:s metadata:$c7+
core.v1.SecretProjection items:[$70 name:s="" optional&:b
core.v1.SecretReference! name:s namespace:s
core.v1.SecretVolumeSource defaultMode&:i items:[$70 optional&:b secretName:s
core.v1.SecurityContext allowPrivilegeEscalation&:b appArmorProfile&:$4v capabilities&:$53 privileged&:b procMount&:s|Default|Unmasked readOnlyRootFilesystem&:b runAsGroup&:l runAsNonRoot&:b runAsUser&:l seLinuxOptions&:$9p seccompProfile&:$9u windowsOptions&:$ay
core.v1.Service apiVersion:s kind:s metadata:$c9+ spec:$a9+ status:$aa+
core.v1.ServiceAccount apiVersion:s automountServiceAccountToken&:b imagePullSecrets:[$7a kind:s metadata:$c9+ secrets:<name>^^$83
core.v1.ServiceAccountList apiVersion:s items*#:[$a4 kind:s metadata:$c7+
core.v1.ServiceAccountTokenProjection audience:s expirationSeconds&:l path*#:s=""
core.v1.ServiceList apiVersion:s items*#:[$a3 kind:s metadata:$c7+
core.v1.ServicePort appProtocol&:s name:s nodePort:i port*#:i=0 protocol:s|SCTP|TCP|UDP="TCP" targetPort:x
core.v1.ServiceSpec allocateLoadBalancerNodePorts&:b clusterIP:s clusterIPs:[s externalIPs:[s externalName:s externalTrafficPolicy:s|Cluster|Local healthCheckNodePort:i internalTrafficPolicy&:s|Cluster|Local ipFamilies:[s ipFamilyPolicy&:s|PreferDualStack|RequireDualStack|SingleStack loadBalancerClass&:s loadBalancerIP:s loadBalancerSourceRanges:[s ports:<port,protocol>^^$a8 publishNotReadyAddresses:b selector:!{s sessionAffinity:s|ClientIP|None sessionAffinityConfig&:$ab trafficDistribution&:s type:s|ClusterIP|ExternalName|LoadBalancer|NodePort
core.v1.ServiceStatus conditions:<type>^^$c0 loadBalancer:$79+
core.v1.SessionAffinityConfig clientIP&:$58
core.v1.SleepAction seconds*#:l=0
core.v1.StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef&:$83 volumeName:s volumeNamespace:s
core.v1.StorageOSVolumeSource fsType:s readOnly:b secretRef&:$7a volumeName:s volumeNamespace:s
core.v1.Sysctl name*#:s="" value*#:s=""
core.v1.TCPSocketAction host:s port*#:x
core.v1.Taint effect*#:s|NoExecute|NoSchedule|PreferNoSchedule="" key*#:s="" timeAdded&:t value:s
core.v1.Toleration effect:s|NoExecute|NoSchedule|PreferNoSchedule key:s operator:s|Equal|Exists|Gt|Lt tolerationSeconds&:l value:s
core.v1.TopologySelectorLabelRequirement key*#:s="" values*#:[s
core.v1.TopologySelectorTerm! matchLabelExpressions:[$aj
core.v1.TopologySpreadConstraint labelSelector&:$c5 matchLabelKeys:[s maxSkew*#:i=0 minDomains&:i nodeAffinityPolicy&:s|Honor|Ignore nodeTaintsPolicy&:s|Honor|Ignore topologyKey*#:s="" whenUnsatisfiable*#:s|DoNotSchedule|ScheduleAnyway=""
core.v1.TypedLocalObjectReference! apiGroup&#:s kind*#:s="" name*#:s=""
core.v1.TypedObjectReference apiGroup&#:s kind*#:s="" name*#:s="" namespace&:s
core.v1.Volume awsElasticBlockStore&:$4t azureDisk&:$4x azureFile&:$4z cephfs&:$55 cinder&:$57 configMap&:$5j csi&:$52 downwardAPI&:$60 emptyDir&:$61 ephemeral&:$6b fc&:$6h flexVolume&:$6k flocker&:$6l gcePersistentDisk&:$6m gitRepo&:$6o glusterfs&:$6q hostPath&:$6v image&:$6y iscsi&:$6x name*#:s="" nfs&:$7d persistentVolumeClaim&:$8b photonPersistentDisk&:$8f portworxVolume&:$94 projected&:$97 quobyte&:$98 rbd&:$9a scaleIO&:$9r secret&:$a1 storageos&:$ae vsphereVolume&:$aw
core.v1.VolumeDevice devicePath*#:s="" name*#:s=""
core.v1.VolumeMount mountPath*#:s="" mountPropagation&:s|Bidirectional|HostToContainer|None name*#:s="" readOnly:b recursiveReadOnly&:s subPath:s subPathExpr:s
core.v1.VolumeMountStatus mountPath*#:s="" name*#:s="" readOnly:b recursiveReadOnly&:s volumeStatus&:$av
core.v1.VolumeNodeAffinity required&:$7v
core.v1.VolumeProjection clusterTrustBundle&:$59 configMap&:$5i downwardAPI&:$5y podCertificate&:$8k secret&:$9z serviceAccountToken&:$a6
core.v1.VolumeResourceRequirements limits:{q requests:{q
core.v1.VolumeStatus image&:$6z
core.v1.VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath*#:s=""
core.v1.WeightedPodAffinityTerm podAffinityTerm*#:$8i+ weight*#:i=0
core.v1.WindowsSecurityContextOptions gmsaCredentialSpec&:s gmsaCredentialSpecName&:s hostProcess&:b runAsUserName&:s
discovery.v1.Endpoint addresses*#:<>s conditions:$b0+ deprecatedTopology:{s hints&:$b1 hostname&:s nodeName&:s targetRef&:$83 zone&:s
discovery.v1.EndpointConditions ready&:b serving&:b terminating&:b
discovery.v1.EndpointHints forNodes:[$b5 forZones:[$b6
discovery.v1.EndpointPort! appProtocol&:s name&:s port&:i protocol&:s|SCTP|TCP|UDP
discovery.v1.EndpointSlice addressType*#:s|FQDN|IPv4|IPv6="" apiVersion:s endpoints#:[$az kind:s metadata:$c9+ ports#:[$b2
discovery.v1.EndpointSliceList apiVersion:s items*#:[$b3 kind:s metadata:$c7+
discovery.v1.ForNode name*#:s=""
discovery.v1.ForZone name*#:s=""
events.v1.Event action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedSource:$6f+ eventTime*#:m kind:s metadata#:$c9+ note:s reason:s regarding:$83+ related&:$83 reportingController:s reportingInstance:s series&:$b9 type:s
events.v1.EventList apiVersion:s items*#:[$b7 kind:s metadata:$c7+
events.v1.EventSeries count*#:i=0 lastObservedTime*#:m
flowcontrol.v1.ExemptPriorityLevelConfiguration lendablePercent&:i nominalConcurrencyShares&:i
flowcontrol.v1.FlowDistinguisherMethod type*#:s=""
flowcontrol.v1.FlowSchema apiVersion:s kind:s metadata:$c9+ spec:$bf+ status:$bg+
flowcontrol.v1.FlowSchemaCondition lastTransitionTime:t message:s reason:s status:s type:s
flowcontrol.v1.FlowSchemaList apiVersion:s items*#:[$bc kind:s metadata:$c7+
flowcontrol.v1.FlowSchemaSpec distinguisherMethod&:$bb matchingPrecedence#:i=0 priorityLevelConfiguration*#:$bp+ rules:[$bl
flowcontrol.v1.FlowSchemaStatus conditions:<type>^^$bd
flowcontrol.v1.GroupSubject name*#:s=""
flowcontrol.v1.LimitResponse queuing&:$bs type*#:s=""
flowcontrol.v1.LimitedPriorityLevelConfiguration borrowingLimitPercent&:i lendablePercent&:i limitResponse:$bi+ nominalConcurrencyShares&#:i
flowcontrol.v1.NonResourcePolicyRule nonResourceURLs*#:<>s verbs*#:<>s
flowcontrol.v1.PolicyRulesWithSubjects nonResourceRules:[$bk resourceRules:[$bt subjects*#:[$bv
flowcontrol.v1.PriorityLevelConfiguration apiVersion:s kind:s metadata:$c9+ spec:$bq+ status:$br+
flowcontrol.v1.PriorityLevelConfigurationCondition lastTransitionTime:t message:s reason:s status:s type:s
flowcontrol.v1.PriorityLevelConfigurationList apiVersion:s items*#:[$bm kind:s metadata:$c7+
flowcontrol.v1.PriorityLevelConfigurationReference name*#:s=""
flowcontrol.v1.PriorityLevelConfigurationSpec exempt&:$ba limited&:$bj type*#:s=""
flowcontrol.v1.PriorityLevelConfigurationStatus conditions:<type>^^$bn
flowcontrol.v1.QueuingConfiguration handSize#:i=0 queueLengthLimit#:i=0 queues#:i=0
flowcontrol.v1.ResourcePolicyRule apiGroups*#:<>s clusterScope:b namespaces#:<>s resources*#:<>s verbs*#:<>s
flowcontrol.v1.ServiceAccountSubject name*#:s="" namespace*#:s=""
flowcontrol.v1.Subject group&:$bh kind*#:s="" serviceAccount&:$bu user&:$bw
flowcontrol.v1.UserSubject name*#:s=""
meta.v1.APIGroup apiVersion:s kind:s name*#:s="" preferredVersion:$c4+ serverAddressByClientCIDRs:[$cd versions*#:[$c4
meta.v1.APIResource categories:[s group:s kind*#:s="" name*#:s="" namespaced*#:b=false shortNames:[s singularName*#:s="" storageVersionHash:s verbs*#:[s version:s
meta.v1.APIResourceList apiVersion:s groupVersion*#:s="" kind:s resources*#:[$by
meta.v1.Condition lastTransitionTime*#:t message*#:s="" observedGeneration:l reason*#:s="" status*#:s="" type*#:s=""
meta.v1.DeleteOptions apiVersion:s dryRun:[s gracePeriodSeconds&:l ignoreStoreReadErrorWithClusterBreakingPotential&:b kind:s orphanDependents&:b preconditions&:$cc propagationPolicy&:s
meta.v1.FieldSelectorRequirement key*#:s="" operator*#:s="" values:[s
meta.v1.FieldsV1 ~
meta.v1.GroupVersionForDiscovery groupVersion*#:s="" version*#:s=""
meta.v1.LabelSelector! matchExpressions:[$c6 matchLabels:{s
meta.v1.LabelSelectorRequirement key*#:s="" operator*#:s="" values:[s
meta.v1.ListMeta continue:s remainingItemCount&:l resourceVersion:s selfLink:s shardInfo&:$ce
meta.v1.ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1&:$c3 manager:s operation:s subresource:s time&:t
meta.v1.ObjectMeta annotations:{s creationTimestamp0:t deletionGracePeriodSeconds&:l deletionTimestamp&:t finalizers:<>^^s generateName:s generation:l labels:{s managedFields:[$c8 name:s namespace:s ownerReferences:<uid>^^$ca resourceVersion:s selfLink:s uid:s
meta.v1.OwnerReference! apiVersion*#:s="" blockOwnerDeletion&:b controller&:b kind*#:s="" name*#:s="" uid*#:s=""
meta.v1.Patch ~
meta.v1.Preconditions resourceVersion&:s uid&:s
meta.v1.ServerAddressByClientCIDR clientCIDR*#:s="" serverAddress*#:s=""
meta.v1.ShardInfo selector*#:s=""
meta.v1.Status apiVersion:s code:i details&:$ch kind:s message:s metadata:$c7+ reason:s status:s
meta.v1.StatusCause field:s message:s reason:s
meta.v1.StatusDetails causes:[$cg group:s kind:s name:s retryAfterSeconds:i uid:s
meta.v1.WatchEvent object*:w type*:s=""
networking.v1.HTTPIngressPath backend*#:$cq+ path:s pathType*&#:s|Exact|ImplementationSpecific|Prefix
networking.v1.HTTPIngressRuleValue paths*#:[$cj
networking.v1.IPAddress apiVersion:s kind:s metadata:$c9+ spec*:$cn+
networking.v1.IPAddressList apiVersion:s items*#:[$cl kind:s metadata:$c7+
networking.v1.IPAddressSpec parentRef*&:$db
networking.v1.IPBlock cidr*#:s="" except:[s
networking.v1.Ingress apiVersion:s kind:s metadata:$c9+ spec:$d1+ status:$d2+
networking.v1.IngressBackend resource&:$am service&:$d0
networking.v1.IngressClass apiVersion:s kind:s metadata:$c9+ spec:$cu+
networking.v1.IngressClassList apiVersion:s items*#:[$cr kind:s metadata:$c7+
networking.v1.IngressClassParametersReference apiGroup&:s kind*#:s="" name*#:s="" namespace&:s scope&#:s
networking.v1.IngressClassSpec controller:s parameters&:$ct
networking.v1.IngressList apiVersion:s items*#:[$cp kind:s metadata:$c7+
networking.v1.IngressLoadBalancerIngress hostname:s ip:s ports:[$cy
networking.v1.IngressLoadBalancerStatus ingress:[$cw
networking.v1.IngressPortStatus error&:s port*#:i=0 protocol*#:s|SCTP|TCP|UDP=""
networking.v1.IngressRule host:s http&:$ck
networking.v1.IngressServiceBackend name*#:s="" port:$dc+
networking.v1.IngressSpec defaultBackend&:$cq ingressClassName&:s rules:[$cz tls:[$d3
networking.v1.IngressStatus loadBalancer:$cx+
networking.v1.IngressTLS hosts:[s secretName:s
networking.v1.NetworkPolicy apiVersion:s kind:s metadata:$c9+ spec:$da+
networking.v1.NetworkPolicyEgressRule ports:[$d9 to:[$d8
networking.v1.NetworkPolicyIngressRule from:[$d8 ports:[$d9
networking.v1.NetworkPolicyList apiVersion:s items*#:[$d4 kind:s metadata:$c7+
networking.v1.NetworkPolicyPeer ipBlock&:$co namespaceSelector&:$c5 podSelector&:$c5
networking.v1.NetworkPolicyPort endPort&:i port&:x protocol&:s|SCTP|TCP|UDP
networking.v1.NetworkPolicySpec egress:[$d5 ingress:[$d6 podSelector#:$c5+ policyTypes:[s
networking.v1.ParentReference group:s name*:s namespace:s resource*:s
networking.v1.ServiceBackendPort! name:s number:i
networking.v1.ServiceCIDR apiVersion:s kind:s metadata:$c9+ spec:$df+ status:$dg+
networking.v1.ServiceCIDRList apiVersion:s items*#:[$dd kind:s metadata:$c7+
networking.v1.ServiceCIDRSpec cidrs:[s
networking.v1.ServiceCIDRStatus conditions:<type>^^$c0
node.v1.Overhead podFixed:{q
node.v1.RuntimeClass apiVersion:s handler*#:s="" kind:s metadata:$c9+ overhead&:$dh scheduling&:$dk
node.v1.RuntimeClassList apiVersion:s items*#:[$di kind:s metadata:$c7+
node.v1.Scheduling nodeSelector:!{s tolerations:[$ai
policy.v1.Eviction apiVersion:s deleteOptions&:$c1 kind:s metadata:$c9+
policy.v1.PodDisruptionBudget apiVersion:s kind:s metadata:$c9+ spec:$do+ status:$dp+
policy.v1.PodDisruptionBudgetList apiVersion:s items*#:[$dm kind:s metadata:$c7+
policy.v1.PodDisruptionBudgetSpec maxUnavailable&:x minAvailable&:x selector&:$c5 unhealthyPodEvictionPolicy&:s|AlwaysAllow|IfHealthyBudget
policy.v1.PodDisruptionBudgetStatus conditions:<type>^^$c0 currentHealthy#:i=0 desiredHealthy#:i=0 disruptedPods:{t disruptionsAllowed#:i=0 expectedPods#:i=0 observedGeneration:l
rbac.v1.AggregationRule clusterRoleSelectors:[$c5
rbac.v1.ClusterRole aggregationRule&:$dq apiVersion:s kind:s metadata:$c9+ rules#:[$dv
rbac.v1.ClusterRoleBinding apiVersion:s kind:s metadata:$c9+ roleRef*#:$e0+ subjects:[$e1
rbac.v1.ClusterRoleBindingList apiVersion:s items*#:[$ds kind:s metadata:$c7+
rbac.v1.ClusterRoleList apiVersion:s items*#:[$dr kind:s metadata:$c7+
rbac.v1.PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs*#:[s
rbac.v1.Role apiVersion:s kind:s metadata:$c9+ rules#:[$dv
rbac.v1.RoleBinding apiVersion:s kind:s metadata:$c9+ roleRef*#:$e0+ subjects:[$e1
rbac.v1.RoleBindingList apiVersion:s items*#:[$dx kind:s metadata:$c7+
rbac.v1.RoleList apiVersion:s items*#:[$dw kind:s metadata:$c7+
rbac.v1.RoleRef! apiGroup#:s="" kind*#:s="" name*#:s=""
rbac.v1.Subject! apiGroup:s kind*#:s="" name*#:s="" namespace:s
resource.v1.AllocatedDeviceStatus conditions#:<type>$c0 data&:w device*#:s="" driver*#:s="" networkData&:$eu pool*#:s="" shareID&:s
resource.v1.AllocationResult allocationTimestamp&:t devices:$ec+ nodeSelector&:$7v
resource.v1.CELDeviceSelector expression*#:s=""
resource.v1.CapacityRequestPolicy default&#:q validRange&:$e6 validValues:[q
resource.v1.CapacityRequestPolicyRange max&:q min*&:q step&:q
resource.v1.CapacityRequirements requests:{q
resource.v1.Counter value*#:q
resource.v1.CounterSet counters*:{$e8 name*#:s=""
resource.v1.Device allNodes&:b allowMultipleAllocations&:b attributes:{$ed bindingConditions:[s bindingFailureConditions:[s bindsToNode&:b capacity:{$ee consumesCounters:[$em name*#:s="" nodeAllocatableResourceMappings:{$ev nodeName&:s nodeSelector&:$7v taints:[$er
resource.v1.DeviceAllocationConfiguration opaque&:$ew requests:[s source*#:s|FromClaim|FromClass=""
resource.v1.DeviceAllocationResult config:[$eb results:[$eo
resource.v1.DeviceAttribute bool&:b bools:[b int&:l ints:[l string&:s strings:[s version&:s versions:[s
resource.v1.DeviceCapacity requestPolicy&:$e5 value*#:q
resource.v1.DeviceClaim config:[$eg constraints:[$el requests#:[$en
resource.v1.DeviceClaimConfiguration opaque&:$ew requests:[s
resource.v1.DeviceClass apiVersion:s kind:s metadata:$c9+ spec*#:$ek+
resource.v1.DeviceClassConfiguration opaque&:$ew
resource.v1.DeviceClassList apiVersion:s items*#:[$eh kind:s metadata:$c7+
resource.v1.DeviceClassSpec config:[$ei extendedResourceName&:s selectors:[$ep
resource.v1.DeviceConstraint distinctAttribute&:s matchAttribute&:s requests:[s
resource.v1.DeviceCounterConsumption counterSet*#:s="" counters*:{$e8
resource.v1.DeviceRequest exactly&:$et firstAvailable:[$eq name*#:s=""
resource.v1.DeviceRequestAllocationResult adminAccess&:b bindingConditions:[s bindingFailureConditions:[s consumedCapacity:{q device*#:s="" driver*#:s="" pool*#:s="" request*#:s="" shareID&:s tolerations:[$es
resource.v1.DeviceSelector cel&:$e4
resource.v1.DeviceSubRequest allocationMode:s|All|ExactCount capacity&:$e7 count:l deviceClassName*#:s="" name*#:s="" selectors:[$ep tolerations:[$es
resource.v1.DeviceTaint effect*#:s|NoExecute|NoSchedule|None="" key*#:s="" timeAdded&:t value:s
resource.v1.DeviceToleration effect:s|NoExecute|NoSchedule|None key:s operator:s|Equal|Exists="Equal" tolerationSeconds&:l value:s
resource.v1.ExactDeviceRequest adminAccess&:b allocationMode:s|All|ExactCount capacity&:$e7 count:l deviceClassName*#:s="" selectors:[$ep tolerations:[$es
resource.v1.NetworkDeviceData hardwareAddress:s interfaceName:s ips:[s
resource.v1.NodeAllocatableResourceMapping allocationMultiplier&:q capacityKey&:s
resource.v1.OpaqueDeviceConfiguration driver*#:s="" parameters*#:w
resource.v1.ResourceClaim apiVersion:s kind:s metadata:$c9+ spec*#:$f0+ status:$f1+
resource.v1.ResourceClaimConsumerReference apiGroup:s name*#:s="" resource*#:s="" uid*#:s=""
resource.v1.ResourceClaimList apiVersion:s items*#:[$ex kind:s metadata:$c7+
resource.v1.ResourceClaimSpec devices#:$ef+
resource.v1.ResourceClaimStatus allocation&:$e3 devices:<driver,device,pool,shareID>$e2 reservedFor:<uid>^^$ey
resource.v1.ResourceClaimTemplate apiVersion:s kind:s metadata:$c9+ spec*#:$f4+
resource.v1.ResourceClaimTemplateList apiVersion:s items*#:[$f2 kind:s metadata:$c7+
resource.v1.ResourceClaimTemplateSpec metadata:$c9+ spec*#:$f0+
resource.v1.ResourcePool generation*#:l=0 name*#:s="" resourceSliceCount*#:l=0
resource.v1.ResourceSlice apiVersion:s kind:s metadata:$c9+ spec*#:$f8+
resource.v1.ResourceSliceList apiVersion:s items*#:[$f6 kind:s metadata:$c7+
resource.v1.ResourceSliceSpec allNodes&:b devices:[$ea driver*#:s="" nodeName&:s nodeSelector&:$7v perDeviceNodeSelection&:b pool*#:$f5+ sharedCounters:[$e9
scheduling.v1.PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:$c9+ preemptionPolicy&:s|Never|PreemptLowerPriority value#:i=0
scheduling.v1.PriorityClassList apiVersion:s items*#:[$f9 kind:s metadata:$c7+
storage.v1.CSIDriver apiVersion:s kind:s metadata:$c9+ spec*#:$fd+
storage.v1.CSIDriverList apiVersion:s items*#:[$fb kind:s metadata:$c7+
storage.v1.CSIDriverSpec attachRequired&:b fsGroupPolicy&:s nodeAllocatableUpdatePeriodSeconds&:l podInfoOnMount&:b preventPodSchedulingIfMissing&:b requiresRepublish&:b seLinuxMount&:b serviceAccountTokenInSecrets&:b storageCapacity&:b tokenRequests:[$fm volumeLifecycleModes:<>s
storage.v1.CSINode apiVersion:s kind:s metadata:$c9+ spec*#:$fh+
storage.v1.CSINodeDriver allocatable&:$fv name*#:s="" nodeID*#:s="" topologyKeys#:[s
storage.v1.CSINodeList apiVersion:s items*#:[$fe kind:s metadata:$c7+
storage.v1.CSINodeSpec drivers*#:<name>^^$ff
storage.v1.CSIStorageCapacity apiVersion:s capacity&:q kind:s maximumVolumeSize&:q metadata:$c9+ nodeTopology&:$c5 storageClassName*#:s=""
storage.v1.CSIStorageCapacityList apiVersion:s items*#:[$fi kind:s metadata:$c7+
storage.v1.StorageClass allowVolumeExpansion&:b allowedTopologies:[$ak apiVersion:s kind:s metadata:$c9+ mountOptions:[s parameters:{s provisioner*#:s="" reclaimPolicy&:s|Delete|Recycle|Retain volumeBindingMode&:s|Immediate|WaitForFirstConsumer
storage.v1.StorageClassList apiVersion:s items*#:[$fk kind:s metadata:$c7+
storage.v1.TokenRequest audience*#:s="" expirationSeconds&:l
storage.v1.VolumeAttachment apiVersion:s kind:s metadata:$c9+ spec*#:$fq+ status:$fr+
storage.v1.VolumeAttachmentList apiVersion:s items*#:[$fn kind:s metadata:$c7+
storage.v1.VolumeAttachmentSource inlineVolumeSpec&:$8d persistentVolumeName&:s
storage.v1.VolumeAttachmentSpec attacher*#:s="" nodeName*#:s="" source*#:$fp+
storage.v1.VolumeAttachmentStatus attachError&:$fu attached*#:b=false attachmentMetadata:{s detachError&:$fu
storage.v1.VolumeAttributesClass apiVersion:s driverName*#:s="" kind:s metadata:$c9+ parameters:{s
storage.v1.VolumeAttributesClassList apiVersion:s items*#:[$fs kind:s metadata:$c7+
storage.v1.VolumeError errorCode&:i message:s time:t
storage.v1.VolumeNodeResources count&:i
`;
