import type { GroupRules, Path, When } from './form.ts';

/** At least as many executors run as `wanted` names; the keys of `executorState` are their pods. */
function running(wanted: Path): When {
  return { some: 'status.executorState.*', where: { field: [], is: 'RUNNING' }, atLeast: wanted };
}

export const rules: readonly GroupRules[] = [
  {
    group: 'sparkoperator.k8s.io',
    project: 'Spark operator',
    kinds: [
      {
        kinds: ['SparkApplication'],
        about:
          'the state, and the running executors against those wanted (at least the minimum with dynamic allocation)',
        observed: false,
        rules: [
          { when: { field: 'status.applicationState.state', is: 'COMPLETED' }, status: 'healthy' },
          {
            when: { field: 'status.applicationState.state', is: ['FAILED', 'FAILING', 'SUBMISSION_FAILED'] },
            status: 'degraded',
            message: '{status.applicationState.errorMessage}',
          },
          { when: { field: 'status.applicationState.state', is: 'SUSPENDED' }, status: 'suspended' },
          {
            when: [
              { field: 'status.applicationState.state', is: 'RUNNING' },
              {
                any: [
                  [
                    { field: 'spec.dynamicAllocation.enabled', is: true },
                    running('spec.dynamicAllocation.minExecutors'),
                  ],
                  [
                    { field: 'spec.dynamicAllocation.enabled', not: true },
                    { field: ['spec', 'sparkConf', 'spark.dynamicAllocation.enabled'], is: 'true' },
                    running(['spec', 'sparkConf', 'spark.dynamicAllocation.minExecutors']),
                  ],
                ],
              },
            ],
            status: 'healthy',
            message: 'the application is running',
          },
          {
            when: [{ field: 'status.applicationState.state', is: 'RUNNING' }, running('spec.executor.instances')],
            status: 'healthy',
            message: 'the application is running',
          },
          {
            when: { field: 'status.applicationState.state', is: 'RUNNING' },
            status: 'progressing',
            reason: 'ExecutorsPending',
            message: 'not all executors are running',
          },
        ],
        otherwise: { status: 'progressing', message: '{status.applicationState.state}' },
      },
      {
        kinds: ['ScheduledSparkApplication'],
        about: 'suspended; scheduleState',
        rules: [
          { when: { field: 'spec.suspend', is: true }, status: 'suspended' },
          { when: { field: 'status.scheduleState', is: 'FailedValidation' }, status: 'degraded' },
        ],
        otherwise: { status: 'healthy', message: 'it is scheduled' },
      },
    ],
  },
];
