import { ROLLOUT_RULES } from './argo.ts';
import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

/** What others build on Argo's projects. */
export const rules: readonly GroupRules[] = [
  {
    group: 'spot.io',
    project: 'Spot Ocean CD',
    kinds: [
      {
        kinds: ['SpotDeployment'],
        about: 'as a Rollout of Argo',
        rules: ROLLOUT_RULES,
        otherwise: { status: 'healthy', message: 'the latest template is the stable one' },
      },
    ],
  },
  {
    group: 'argocd-image-updater.argoproj.io',
    project: 'Argo CD Image Updater',
    kinds: [
      {
        kinds: ['ImageUpdater'],
        about: 'Error, Reconciling, Ready',
        rules: [
          { when: { condition: 'Error', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Reconciling', is: 'True' }, status: 'progressing' },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'promoter.argoproj.io',
    project: 'GitOps Promoter',
    kinds: [
      {
        kinds: ['ArgoCDCommitStatus'],
        about: 'Ready, and the applications that it selects',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: ['absent', 'Unknown'] }, status: 'progressing' },
          {
            when: { field: 'status.applicationsSelected', empty: true },
            status: 'degraded',
            reason: 'NoApplications',
            message: 'it selects no application',
          },
        ],
        otherwise: { status: 'healthy' },
      },
      {
        kinds: ['ChangeTransferPolicy'],
        about: 'Ready, and whether the proposed commit is the active one',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: ['absent', 'Unknown'] }, status: 'progressing' },
          {
            when: { field: 'status.active.dry.sha', empty: true },
            status: 'progressing',
            reason: 'NoActiveCommit',
            message: 'the active commit is not known yet',
          },
          {
            when: { field: 'status.proposed.dry.sha', empty: true },
            status: 'progressing',
            reason: 'NoProposedCommit',
            message: 'the proposed commit is not known yet',
          },
          {
            when: { field: 'status.active.dry.sha', sameAs: 'status.proposed.dry.sha' },
            status: 'healthy',
            reason: 'UpToDate',
            message: 'the environment is on commit {status.active.dry.sha}',
          },
          {
            when: [
              { some: 'status.proposed.commitStatuses.*', where: { field: 'phase', is: 'failure' } },
              { none: 'status.proposed.commitStatuses.*', where: { field: 'phase', is: 'pending' } },
            ],
            status: 'degraded',
            reason: 'CheckFailed',
            message: 'a check of the proposed commit failed',
          },
        ],
        otherwise: {
          status: 'progressing',
          reason: 'Promoting',
          message: 'commit {status.proposed.dry.sha} is on its way',
        },
      },
      {
        kinds: ['PromotionStrategy'],
        about: 'Ready, and whether every environment is on the proposed commit',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: ['absent', 'Unknown'] }, status: 'progressing' },
          {
            when: { field: 'status.environments', empty: true },
            status: 'degraded',
            reason: 'NoEnvironments',
            message: 'it has no environment to promote to',
          },
          {
            when: {
              some: 'status.environments.*',
              where: {
                any: [
                  { field: 'active.dry.sha', empty: true },
                  { field: 'proposed.dry.sha', empty: true },
                ],
              },
            },
            status: 'progressing',
            reason: 'NoCommit',
            message: 'a commit of environment {branch} is not known yet',
          },
          {
            when: {
              some: 'status.environments.*',
              where: [
                { not: { field: 'proposed.dry.sha', sameAs: 'active.dry.sha' } },
                { some: 'proposed.commitStatuses.*', where: { field: 'phase', is: 'failure' } },
                { none: 'proposed.commitStatuses.*', where: { field: 'phase', is: 'pending' } },
              ],
            },
            status: 'degraded',
            reason: 'CheckFailed',
            message: 'a check of the commit proposed for {branch} failed',
          },
          {
            when: {
              every: 'status.environments.*',
              where: [
                { field: 'proposed.dry.sha', sameAs: 'active.dry.sha' },
                { field: 'active.dry.sha', sameAs: 'status.environments.0.active.dry.sha' },
              ],
            },
            status: 'healthy',
            reason: 'UpToDate',
            message: 'all environments are on the same commit',
          },
        ],
        otherwise: { status: 'progressing', reason: 'Promoting', message: 'a promotion is under way' },
      },
      {
        kinds: ['CommitStatus', 'PullRequest'],
        about: 'Ready: it is reported to the Git host',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: ['absent', 'Unknown'] }, status: 'progressing' },
        ],
        otherwise: { status: 'healthy', message: 'it is reported' },
      },
      {
        kinds: ['GitCommitStatus', 'TimedCommitStatus', 'WebRequestCommitStatus'],
        about: 'Ready, and the phase of every environment',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: ['absent', 'Unknown'] }, status: 'progressing' },
          {
            when: { some: 'status.environments.*', where: { field: 'phase', is: 'failure' } },
            status: 'degraded',
            reason: 'CheckFailed',
            message: 'the check failed for {branch}',
          },
          {
            when: { some: 'status.environments.*', where: { field: 'phase', not: 'success' } },
            status: 'progressing',
            reason: 'CheckPending',
            message: 'the check is pending for {branch}',
          },
        ],
        otherwise: { status: 'healthy', message: 'the check passed everywhere' },
      },
      { kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING },
    ],
  },
];
