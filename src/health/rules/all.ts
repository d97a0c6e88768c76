import { rules as ansible } from './ansible.ts';
import { rules as apigee } from './apigee.ts';
import { rules as argo } from './argo.ts';
import { rules as argoCompanions } from './argo-companions.ts';
import { rules as astra } from './astra.ts';
import { rules as atlas } from './atlas.ts';
import { rules as awsControllers } from './aws-controllers.ts';
import { rules as bentoml } from './bentoml.ts';
import { rules as camel } from './camel.ts';
import { rules as capsule } from './capsule.ts';
import { rules as cassandra } from './cassandra.ts';
import { rules as certManager } from './cert-manager.ts';
import { rules as cilium } from './cilium.ts';
import { rules as clickhouse } from './clickhouse.ts';
import { rules as cloudnativePg } from './cloudnative-pg.ts';
import { rules as clusterApi } from './cluster-api.ts';
import { rules as configConnector } from './config-connector.ts';
import { rules as contour } from './contour.ts';
import { rules as coralogix } from './coralogix.ts';
import { rules as crossplane } from './crossplane.ts';
import { rules as databases } from './databases.ts';
import { rules as datadog } from './datadog.ts';
import { rules as dnssd } from './dnssd.ts';
import { rules as elastic } from './elastic.ts';
import { rules as envoyGateway } from './envoy-gateway.ts';
import { rules as externalSecrets } from './external-secrets.ts';
import { rules as falco } from './falco.ts';
import { rules as flagger } from './flagger.ts';
import { rules as flink } from './flink.ts';
import { rules as flux } from './flux.ts';
import { rules as gardener } from './gardener.ts';
import { rules as gatekeeper } from './gatekeeper.ts';
import { rules as gatewayApi } from './gateway-api.ts';
import { rules as gloo } from './gloo.ts';
import { rules as grafana } from './grafana.ts';
import { rules as humio } from './humio.ts';
import { rules as istio } from './istio.ts';
import { rules as jaeger } from './jaeger.ts';
import { rules as jobsetLws } from './jobset-lws.ts';
import { rules as kafka } from './kafka.ts';
import { rules as kaito } from './kaito.ts';
import { rules as karmada } from './karmada.ts';
import { rules as karpenter } from './karpenter.ts';
import { rules as keda } from './keda.ts';
import { rules as keptn } from './keptn.ts';
import { rules as keycloak } from './keycloak.ts';
import { rules as knative } from './knative.ts';
import { rules as kruise } from './kruise.ts';
import { rules as kserve } from './kserve.ts';
import { rules as kubeedge } from './kubeedge.ts';
import { rules as kubefed } from './kubefed.ts';
import { rules as kubeflow } from './kubeflow.ts';
import { rules as kubevirt } from './kubevirt.ts';
import { rules as kueue } from './kueue.ts';
import { rules as kyverno } from './kyverno.ts';
import { rules as linkerd } from './linkerd.ts';
import { rules as longhorn } from './longhorn.ts';
import { rules as mariadb } from './mariadb.ts';
import { rules as minio } from './minio.ts';
import { rules as mongodb } from './mongodb.ts';
import { rules as numaproj } from './numaproj.ts';
import { rules as nvidia } from './nvidia.ts';
import { rules as openClusterManagement } from './open-cluster-management.ts';
import { rules as openfaas } from './openfaas.ts';
import { rules as openshift } from './openshift.ts';
import { rules as opentelemetry } from './opentelemetry.ts';
import { rules as percona } from './percona.ts';
import { rules as prometheusOperator } from './prometheus-operator.ts';
import { rules as pulumi } from './pulumi.ts';
import { rules as rabbitmq } from './rabbitmq.ts';
import { rules as ray } from './ray.ts';
import { rules as redis } from './redis.ts';
import { rules as rookCeph } from './rook-ceph.ts';
import { rules as sap } from './sap.ts';
import { rules as sealedSecrets } from './sealed-secrets.ts';
import { rules as seldon } from './seldon.ts';
import { rules as snapshots } from './snapshots.ts';
import { rules as solr } from './solr.ts';
import { rules as spark } from './spark.ts';
import { rules as spinkube } from './spinkube.ts';
import { rules as tekton } from './tekton.ts';
import { rules as terraform } from './terraform.ts';
import { rules as threescale } from './threescale.ts';
import { rules as vault } from './vault.ts';
import { rules as velero } from './velero.ts';
import { rules as volcano } from './volcano.ts';
import { rules as zalandoPostgres } from './zalando-postgres.ts';
import type { GroupRules } from './form.ts';

/** Every group of rules that the product ships; later ones win over earlier ones of the same group. */
export const RULES: readonly GroupRules[] = [
  ...ansible,
  ...apigee,
  ...argo,
  ...argoCompanions,
  ...astra,
  ...atlas,
  ...awsControllers,
  ...bentoml,
  ...camel,
  ...capsule,
  ...cassandra,
  ...certManager,
  ...cilium,
  ...clickhouse,
  ...cloudnativePg,
  ...clusterApi,
  ...configConnector,
  ...contour,
  ...coralogix,
  ...crossplane,
  ...databases,
  ...datadog,
  ...dnssd,
  ...elastic,
  ...envoyGateway,
  ...externalSecrets,
  ...falco,
  ...flagger,
  ...flink,
  ...flux,
  ...gardener,
  ...gatekeeper,
  ...gatewayApi,
  ...gloo,
  ...grafana,
  ...humio,
  ...istio,
  ...jaeger,
  ...jobsetLws,
  ...kafka,
  ...kaito,
  ...karmada,
  ...karpenter,
  ...keda,
  ...keptn,
  ...keycloak,
  ...knative,
  ...kruise,
  ...kserve,
  ...kubeedge,
  ...kubefed,
  ...kubeflow,
  ...kubevirt,
  ...kueue,
  ...kyverno,
  ...linkerd,
  ...longhorn,
  ...mariadb,
  ...minio,
  ...mongodb,
  ...numaproj,
  ...nvidia,
  ...openClusterManagement,
  ...openfaas,
  ...openshift,
  ...opentelemetry,
  ...percona,
  ...prometheusOperator,
  ...pulumi,
  ...rabbitmq,
  ...ray,
  ...redis,
  ...rookCeph,
  ...sap,
  ...sealedSecrets,
  ...seldon,
  ...snapshots,
  ...solr,
  ...spark,
  ...spinkube,
  ...tekton,
  ...terraform,
  ...threescale,
  ...vault,
  ...velero,
  ...volcano,
  ...zalandoPostgres,
];
