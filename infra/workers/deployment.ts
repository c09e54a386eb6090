// Which version of the workers this is, where a cluster runs several beside each other: Temporal's worker deployments.
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { codeVersion } from '../code-version.ts';

/**
 * Versioned where TEMPORAL_DEPLOYMENT_NAME says so; the build is TEMPORAL_WORKER_BUILD_ID, by default this code's version. (The
 * Temporal Worker Controller for Kubernetes sets both.) A sweep outlives the version that began it, whose workers may be gone:
 * so its runs go over to whichever version is the current one, and plans change behind `patched` only.
 */
export function workerDeployment(
  environment = process.env,
): { workerDeploymentOptions: WorkerDeploymentOptions } | Record<string, never> {
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = environment;
  if (!deploymentName) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId: buildId || codeVersion().replaceAll(/[^\w.+-]+/g, '-') },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
