import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apps.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['DeploymentConfig'],
        about: 'paused, Progressing with its reason, Available',
        rules: [
          { when: { field: 'spec.paused', is: true }, status: 'suspended', reason: 'Paused' },
          {
            when: [
              { field: 'status.conditions' },
              { field: 'status.replicas', is: 0 },
              { field: 'spec.replicas', is: 0 },
            ],
            status: 'healthy',
            reason: 'ScaledToZero',
            message: 'it is scaled to zero',
          },
          { when: { condition: 'Progressing', is: 'False' }, status: 'degraded' },
          {
            when: [
              { condition: 'Progressing', is: 'True', reason: 'NewReplicationControllerAvailable' },
              { condition: 'Available', is: 'True' },
            ],
            status: 'healthy',
            message: 'the deployment is available',
          },
          {
            when: [{ condition: 'Available', is: 'False' }, { not: { condition: 'Progressing', is: 'True' } }],
            status: 'degraded',
          },
          {
            when: [
              { condition: 'Available', is: 'True' },
              { condition: 'Progressing', is: 'absent' },
            ],
            status: 'healthy',
          },
          { when: { condition: 'Progressing' }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'route.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['Route'],
        about: 'Admitted by every router',
        rules: [
          {
            when: {
              some: 'status.ingress.*.conditions.*',
              where: [
                { field: 'type', is: 'Admitted' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.ingress.*.conditions.*',
              where: [
                { field: 'type', is: 'Admitted' },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.ingress.*.conditions.*',
              where: [
                { field: 'type', is: 'Admitted' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'healthy',
            message: 'the route is admitted',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'operator.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['IngressController'],
        about: 'Available, Degraded, and all replicas',
        rules: [
          { when: { condition: 'Degraded', is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'DeploymentReplicasAllAvailable', is: 'False' }, status: 'progressing' },
          { when: { condition: 'DeploymentRollingOut', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          {
            when: { condition: 'Available', is: 'True' },
            status: 'healthy',
            message: 'the ingress controller is available',
          },
          { when: { condition: 'Available', is: 'False' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'Degraded, Progressing, Available (of all operands)',
        rules: [
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', endsWith: 'Degraded' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
            reason: 'Degraded',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', endsWith: 'Progressing' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'progressing',
            reason: 'Progressing',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', endsWith: 'Available' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
            reason: 'NotAvailable',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', endsWith: 'Available' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'healthy',
            reason: 'Available',
            message: 'its operands are available',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'config.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['ClusterOperator'],
        about: 'Degraded, Progressing, Available',
        rules: [
          { when: { condition: ['Degraded', 'Failing'], is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Available', is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ClusterVersion'],
        about: 'Failing, Progressing, Available',
        rules: [
          { when: { condition: ['Failing', 'Degraded'], is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'ocs.openshift.io',
    project: 'OpenShift Data Foundation',
    kinds: [
      {
        kinds: ['StorageCluster'],
        about: 'Degraded, Progressing, Available, VersionMismatch',
        rules: [
          {
            when: { condition: ['Degraded', 'VersionMismatch'], is: 'True' },
            status: 'degraded',
            cause: 'environment',
          },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Available', is: 'False' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'machineconfiguration.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['MachineConfigPool'],
        about: 'Degraded, Updating, Updated',
        rules: [
          { when: { condition: ['Degraded', 'RenderDegraded', 'NodeDegraded'], is: 'True' }, status: 'degraded' },
          { when: { field: 'spec.paused', is: true }, status: 'suspended', reason: 'Paused' },
          { when: { condition: 'Updating', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Updated', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'build.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['Build'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Complete' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Error'] }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'Cancelled' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['BuildConfig'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'image.openshift.io',
    project: 'OpenShift',
    kinds: [
      {
        kinds: ['ImageStream'],
        about: 'ImportSuccess of every tag',
        fresh: 'healthy',
        rules: [
          {
            when: {
              some: 'status.tags.*.conditions.*',
              where: [
                { field: 'type', is: 'ImportSuccess' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'nmstate.io',
    project: 'Kubernetes NMState',
    kinds: [
      {
        kinds: ['NodeNetworkConfigurationPolicy', 'NodeNetworkConfigurationEnactment'],
        about: 'Ignored, Degraded, Failing, Progressing, Available',
        rules: [
          { when: { condition: ['Ignored', 'Aborted'], is: 'True' }, status: 'suspended' },
          { when: { condition: ['Degraded', 'Failing'], is: 'True' }, status: 'degraded' },
          { when: { condition: ['Progressing', 'Pending'], is: 'True' }, status: 'progressing' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'operators.coreos.com',
    project: 'Operator Lifecycle Manager',
    kinds: [
      {
        kinds: ['Subscription'],
        about:
          'failed, missing and pending install plans, unhealthy catalogues, state; a manual approval of an upgrade is not a fault',
        rules: [
          {
            when: {
              condition: ['InstallPlanFailed', 'InstallPlanMissing', 'ResolutionFailed', 'BundleUnpackFailed'],
              is: 'True',
            },
            status: 'degraded',
          },
          { when: { condition: 'CatalogSourcesUnhealthy', is: 'True' }, status: 'degraded', cause: 'environment' },
          {
            when: [
              { field: 'status.state', is: ['UpgradePending', 'UpgradeAvailable', 'AtLatestKnown'] },
              { field: 'spec.installPlanApproval', is: 'Manual' },
              { field: 'status.installedCSV' },
            ],
            status: 'healthy',
            message: '{status.installedCSV} is installed; upgrades wait for approval',
          },
          { when: { condition: ['InstallPlanPending', 'BundleUnpacking'], is: 'True' }, status: 'progressing' },
          { when: { field: 'status.state', is: 'AtLatestKnown' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['UpgradeFailed'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ClusterServiceVersion'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['InstallPlan'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Complete' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'RequiresApproval' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CatalogSource'],
        about: 'the connection',
        rules: [
          { when: { field: 'status.connectionState.lastObservedState', is: 'READY' }, status: 'healthy' },
          {
            when: { field: 'status.connectionState.lastObservedState', is: ['TRANSIENT_FAILURE', 'SHUTDOWN'] },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['OperatorGroup'], about: 'configuration', ...STORED },
    ],
  },
];
