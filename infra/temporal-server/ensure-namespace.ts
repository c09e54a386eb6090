// The namespace of the embedded server, in which closed runs are kept.
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** Closed runs stay to be compared: a hundred years, which the server accepts. */
const retention = msToTs('36500 days');
const grpcNotFound = 5;

/** The server makes `default` by itself, with a retention of a day; another namespace (TEMPORAL_NAMESPACE) is made here. */
export async function ensureNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  const found = await workflowService.describeNamespace({ namespace }).catch(error => {
    if (error.code === grpcNotFound && namespace !== 'default') return undefined;
    throw error;
  });
  if (!found) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
  } else if (!retention.seconds?.eq(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0)) {
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: retention },
    });
  }
}
