import { describe, it } from 'vitest';

import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { describeCluster } from '../conformance/cluster.ts';
import { controlPlaneMissing, startControlPlane, type ControlPlane } from './control-plane.ts';

const missing = controlPlaneMissing();
if (missing === undefined) {
  let plane: ControlPlane | undefined;
  describeCluster(
    'kube-apiserver',
    async () => {
      plane = await startControlPlane();
      return {
        connection: await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: '/', path: plane.kubeconfig }),
        rbac: true,
      };
    },
    async () => plane?.stop(),
  );
} else {
  console.log(`skipped: cluster port on kube-apiserver (${missing})`);
  describe('cluster port on kube-apiserver', () => it.skip(`needs it: ${missing}`, () => undefined));
}
