/** What `.Capabilities` says: the cluster's, or these of Helm 4.3 where nobody said anything. */
export interface Capabilities {
  readonly kubeVersion: KubeVersion;
  readonly apiVersions: readonly string[];
  /** Groups that could not be read: `Has` of them is an error, not false. */
  readonly unreadGroups: readonly string[];
}

export interface KubeVersion {
  /** As it was given, with a `v`: `v1.33.4-gke.1245000`. */
  readonly full: string;
  /** Numbers only: `v1.33.4`; constraints are checked against this one. */
  readonly plain: string;
}

/** The Helm whose behaviour the engine has, as `.Capabilities.HelmVersion.Version` says it. */
export const HELM_VERSION = 'v4.3.1';

const DEFAULT_KUBE_VERSION: KubeVersion = { full: 'v1.37.0', plain: 'v1.37.0' };

const DEFAULT_API_VERSIONS = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.k8s.io/v1beta1',
  'internal.apiserver.k8s.io/v1alpha1',
  'apps/v1',
  'apps/v1beta1',
  'apps/v1beta2',
  'authentication.k8s.io/v1',
  'authentication.k8s.io/v1alpha1',
  'authentication.k8s.io/v1beta1',
  'authorization.k8s.io/v1',
  'authorization.k8s.io/v1beta1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'batch/v1beta1',
  'certificates.k8s.io/v1',
  'certificates.k8s.io/v1beta1',
  'certificates.k8s.io/v1alpha1',
  'coordination.k8s.io/v1alpha2',
  'coordination.k8s.io/v1beta1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'lifecycle.k8s.io/v1alpha1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1',
  'node.k8s.io/v1alpha1',
  'node.k8s.io/v1beta1',
  'policy/v1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1beta1',
  'rbac.authorization.k8s.io/v1alpha1',
  'resource.k8s.io/v1',
  'resource.k8s.io/v1beta2',
  'resource.k8s.io/v1beta1',
  'resource.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1beta1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1beta1',
  'storage.k8s.io/v1',
  'storage.k8s.io/v1alpha1',
  'storagemigration.k8s.io/v1',
  'storagemigration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1',
] as const;

export interface CapabilitiesOptions {
  /** `--kube-version`, or the version of the cluster. */
  readonly kubeVersion?: string;
  /** `--api-versions`: added to the defaults. */
  readonly extraApiVersions?: readonly string[];
  /** All that a cluster serves: instead of the defaults. */
  readonly apiVersions?: readonly string[];
  readonly unreadGroups?: readonly string[];
}

/** @returns the capabilities, or what is wrong with the version */
export function resolveCapabilities(options: CapabilitiesOptions): Capabilities | { readonly problem: string } {
  const kubeVersion = options.kubeVersion === undefined ? DEFAULT_KUBE_VERSION : parseKubeVersion(options.kubeVersion);
  if (kubeVersion === undefined) {
    return { problem: `invalid kube version ${JSON.stringify(options.kubeVersion)}: could not parse it as a version` };
  }
  return {
    kubeVersion,
    apiVersions: [...(options.apiVersions ?? DEFAULT_API_VERSIONS), ...(options.extraApiVersions ?? [])],
    unreadGroups: options.unreadGroups ?? [],
  };
}

/** At least two numbers without leading zeros; what follows them does not count. */
function parseKubeVersion(text: string): KubeVersion | undefined {
  const numbers = /^\s*v?(\d+(?:\.\d+)*)/.exec(text)?.[1]?.split('.') ?? [];
  if (numbers.length < 2 || numbers.some((number) => number.length > 1 && number.startsWith('0'))) return undefined;
  return { full: text.startsWith('v') ? text : `v${text}`, plain: `v${numbers.join('.')}` };
}
