import type { GroupRules, Rule } from './form.ts';
import { STORED, WAITING } from './shared.ts';

/** A Rollout, and what is made in its image. */
export const ROLLOUT_RULES: readonly Rule[] = [
  {
    when: [
      { number: 'status.observedGeneration', below: 'metadata.generation' },
      { number: 'status.observedGeneration', above: 0 },
    ],
    status: 'progressing',
    reason: 'NotObserved',
    message: 'the controller has not seen the latest change yet',
  },
  {
    when: [
      { field: ['metadata', 'annotations', 'rollout.argoproj.io/workload-generation'] },
      {
        number: 'status.workloadObservedGeneration',
        differs: ['metadata', 'annotations', 'rollout.argoproj.io/workload-generation'],
      },
    ],
    status: 'progressing',
    reason: 'NotObserved',
    message: 'the controller has not seen the latest change of its workload yet',
  },
  { when: { condition: 'InvalidSpec', is: 'True' }, status: 'degraded' },
  { when: { field: 'status.phase', is: 'Degraded' }, status: 'degraded', message: '{status.message}' },
  { when: { field: 'status.phase', is: 'Paused' }, status: 'suspended', message: '{status.message}' },
  { when: { field: 'status.phase', is: 'Progressing' }, status: 'progressing', message: '{status.message}' },
  { when: { field: 'status.phase', is: 'Healthy' }, status: 'healthy', message: '{status.message}' },
  {
    when: {
      condition: 'Progressing',
      is: 'False',
      reason: ['RolloutAborted', 'ProgressDeadlineExceeded', 'RolloutAnalysisRunFailed', 'InvalidSpec'],
    },
    status: 'degraded',
  },
  { when: { condition: 'Progressing', is: 'False', notReason: ['RolloutPaused'] }, status: 'degraded' },
  {
    when: {
      any: [
        { field: 'spec.paused', is: true },
        { field: 'status.pauseConditions' },
        { condition: 'Progressing', reason: ['RolloutPaused', 'DeploymentPaused'] },
      ],
    },
    status: 'suspended',
    reason: 'RolloutPaused',
    message: 'the rollout is paused',
  },
  {
    when: { field: 'status.currentPodHash', empty: true },
    status: 'progressing',
    reason: 'NotReconciled',
    message: 'the controller has not looked at it yet',
  },
  {
    when: { number: 'status.updatedReplicas', below: 'spec.replicas', default: 1 },
    status: 'progressing',
    reason: 'Updating',
    message: '{status.updatedReplicas} of {spec.replicas} pods have the latest template',
  },
  {
    when: [
      { field: 'spec.strategy.blueGreen', not: null },
      {
        any: [
          { field: 'status.blueGreen.activeSelector', empty: true },
          { not: { field: 'status.blueGreen.activeSelector', sameAs: 'status.currentPodHash' } },
        ],
      },
    ],
    status: 'progressing',
    reason: 'NotActive',
    message: 'the active Service does not point to the latest template yet',
  },
  {
    when: [
      { field: 'spec.strategy.canary', not: null },
      { not: { field: 'status.stableRS', sameAs: 'status.currentPodHash' } },
      {
        any: [
          { field: 'status.stableRS' },
          // Before 0.8 the field stood one level deeper.
          { not: { field: 'status.canary.stableRS', sameAs: 'status.currentPodHash' } },
        ],
      },
    ],
    status: 'progressing',
    reason: 'NotStable',
    message: 'the latest template is not the stable one yet',
  },
  {
    when: { number: 'status.replicas', above: 'status.updatedReplicas' },
    status: 'progressing',
    reason: 'OldPodsRemaining',
    message: 'old pods are still there',
  },
  {
    when: { number: 'status.availableReplicas', below: 'status.updatedReplicas' },
    status: 'progressing',
    reason: 'NotAvailable',
    message: '{status.availableReplicas} of {status.updatedReplicas} pods are available',
  },
];

export const rules: readonly GroupRules[] = [
  {
    group: 'argoproj.io',
    project: 'Argo (Workflows, Rollouts, CD, Events)',
    kinds: [
      {
        kinds: ['AnalysisRun', 'Experiment'],
        about: 'phase; an inconclusive one needs a person',
        rules: [
          { when: { field: 'status.phase', is: 'Successful' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Error'] }, status: 'degraded' },
          {
            when: { field: 'status.phase', is: 'Inconclusive' },
            status: 'unknown',
            remedy: 'a person has to decide: promote or abort',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['AnalysisTemplate', 'ClusterAnalysisTemplate', 'WorkflowTemplate', 'ClusterWorkflowTemplate'],
        about: 'configuration',
        ...STORED,
      },
      {
        kinds: ['ApplicationSet'],
        about: 'ErrorOccurred, RolloutProgressing, ResourcesUpToDate',
        rules: [
          { when: { condition: 'ErrorOccurred', is: 'True' }, status: 'degraded' },
          { when: { condition: 'RolloutProgressing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'ResourcesUpToDate', is: 'False' }, status: 'degraded' },
          { when: { condition: 'ResourcesUpToDate', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Application'],
        about: 'status.health, and whether an operation runs',
        rules: [
          {
            when: { field: 'status.operationState.phase', is: ['Failed', 'Error'] },
            status: 'degraded',
            reason: 'SyncFailed',
            message: '{status.operationState.message}',
          },
          { when: { condition: ['ComparisonError', 'InvalidSpecError'] }, status: 'degraded' },
          {
            when: { field: 'status.health.status', is: 'Degraded' },
            status: 'degraded',
            message: '{status.health.message}',
          },
          {
            when: { field: 'status.health.status', is: 'Suspended' },
            status: 'suspended',
            message: '{status.health.message}',
          },
          {
            when: { field: 'status.health.status', is: 'Missing' },
            status: 'missing',
            message: '{status.health.message}',
          },
          {
            when: { field: 'status.health.status', is: 'Unknown' },
            status: 'unknown',
            message: '{status.health.message}',
          },
          {
            when: { field: 'status.operationState.phase', is: ['Running', 'Terminating'] },
            status: 'progressing',
            reason: 'Syncing',
            message: '{status.operationState.message}',
          },
          {
            when: { field: 'status.health.status', is: 'Healthy' },
            status: 'healthy',
            message: 'its objects are healthy',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['AppProject'], about: 'configuration', ...STORED },
      {
        kinds: ['ArgoCD'],
        about: 'phase of the instance',
        rules: [
          { when: { field: 'status.phase', is: 'Available' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CronWorkflow'],
        about: 'SpecError, SubmissionError; suspended',
        fresh: 'healthy',
        rules: [
          { when: { condition: ['SpecError', 'SubmissionError'], is: 'True' }, status: 'degraded' },
          { when: { field: 'spec.suspend', is: true }, status: 'suspended' },
        ],
        otherwise: { status: 'healthy', reason: 'Scheduled', message: 'it is scheduled' },
      },
      {
        kinds: ['Workflow'],
        about: 'phase; suspended',
        rules: [
          { when: { field: 'status.phase', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Error'] }, status: 'degraded' },
          { when: { field: 'spec.suspend', is: true }, status: 'suspended' },
          {
            when: {
              some: 'status.nodes.*',
              where: [
                { field: 'type', is: 'Suspend' },
                { field: 'phase', is: 'Running' },
              ],
            },
            status: 'suspended',
            reason: 'SuspendNode',
            message: 'it waits at a suspend step',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['EventBus', 'EventSource', 'Sensor'],
        about: 'all conditions: any False is a failure, any Unknown waits',
        rules: [
          { when: { some: 'status.conditions.*', where: { field: 'status', is: 'False' } }, status: 'degraded' },
          { when: { some: 'status.conditions.*', where: { field: 'status', is: 'Unknown' } }, status: 'progressing' },
          { when: { every: 'status.conditions.*', where: { field: 'status', is: 'True' } }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Rollout'],
        about:
          'phase where the controller writes one; else generations, InvalidSpec, pauses, counts, and whether the newest template is the stable one',
        rules: ROLLOUT_RULES,
        otherwise: { status: 'healthy', message: 'the latest template is the stable one' },
      },
    ],
  },
];
